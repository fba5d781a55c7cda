import type { Protocol } from './faults.ts'
import type { LocalHandler, LocalRequest } from './http.ts'
import type { JsonApi } from './json-api.ts'
import type { Domains } from '../oauth/domains.ts'

/** Who answers a request. `operation` undefined (a preflight, the page at `/`, a path that does not exist): it is not counted and cannot fail. */
interface Route {
  operation: string | undefined
  protocol: Protocol
  handle: LocalHandler
}

/** Another AWS service on the same port. */
interface AwsService {
  operationOf(request: LocalRequest): string
  handle: LocalHandler
}

/** The services behind the one port. */
export interface Services {
  jsonApi: JsonApi
  oauth: Domains
  /** What a browser gets at `/`. */
  home: LocalHandler
  /** The paths that look like the user pool's and are none of its endpoints. */
  notFound: { has(path: string): boolean; handle: LocalHandler }
  sts: AwsService
  s3: AwsService
  /** Who takes part in a request, for the log. */
  participants(request: LocalRequest): { client: string | undefined; user: string | undefined }
}

/** Only S3 has large bodies. */
export function bodyLimitBytes(method: string, path: string): number {
  return method === 'PUT' && path !== '/' ? 10 * 2 ** 20 : 2 ** 20
}

/** First match wins: `X-Amz-Target`, then a path of the user pool, then a form with `Action=`, then S3. */
export function route(services: Services, request: LocalRequest): Route {
  const { jsonApi, oauth, notFound, sts, s3 } = services
  if (request.method === 'OPTIONS') return { operation: undefined, protocol: 'oauth', handle: preflight }
  const jsonOperation = jsonApi.operationOf(request)
  if (jsonOperation !== undefined) {
    return { operation: jsonOperation, protocol: 'json', handle: jsonApi.handle }
  }
  // The path as sent: `url` resolves dot segments, and an S3 key may hold them.
  const path = request.rawUrl.split('?', 1)[0] ?? ''
  const endpoint = oauth.get(path)
  if (endpoint) return { operation: endpoint.operation, protocol: 'oauth', handle: endpoint.handle }
  const other = path === '/' && wantsPage(request) ? services.home : notFound.has(path) && notFound.handle
  if (other) return { operation: undefined, protocol: 'oauth', handle: other }
  if (isQueryProtocol(request)) {
    return { operation: sts.operationOf(request), protocol: 'sts', handle: sts.handle }
  }
  return { operation: s3.operationOf(request), protocol: 's3', handle: s3.handle }
}

function wantsPage({ method, headers }: LocalRequest): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers['accept'] ?? '').includes('text/html')
}

function isQueryProtocol(request: LocalRequest): boolean {
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return (
    form && request.url.pathname === '/' && new URLSearchParams(request.body.toString('utf8')).has('Action')
  )
}

/** Browsers ask before they send the SDK's headers. */
const preflight: LocalHandler = () => ({
  status: 204,
  headers: {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers':
      'authorization, cache-control, content-type, amz-sdk-invocation-id, amz-sdk-request, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-target, x-amz-user-agent',
    'access-control-max-age': '600',
  },
})
