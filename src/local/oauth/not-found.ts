import type { LocalHandler } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Whether a path can only be meant for a user pool: no S3 should answer it. A key in the bucket may look alike. */
export function isUserPoolPath(path: string, bucket: string): boolean {
  if (path.startsWith(`/${bucket}/`)) return false
  // No bucket has an underscore in its name, and every pool has one in its id.
  return /^\/(oauth2|[a-z\d-]+_[\da-z]+)\//i.test(path) || path.includes('/.well-known/')
}

/** The answer where the user pool has no such endpoint. */
export function notFound(pool: UserPool): LocalHandler {
  const discovery = `${pool.url}/${pool.userPoolId}/.well-known/openid-configuration`
  return () => ({
    status: 404,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
    },
    body: `Not found: this local Cognito has no such endpoint. Those that it has are listed at ${discovery}\n`,
  })
}
