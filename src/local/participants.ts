import type { LocalRequest } from './server/http.ts'
import type { UserPools } from './user-pool/user-pools.ts'
import { poolOf } from './user-pool/which-pool.ts'

/** Who takes part in a request, as far as it names an app client and a user that exist. */
export interface Participants {
  client: string | undefined
  user: string | undefined
}

type Members = Record<string, unknown>

/** For the request log. What was typed is only looked up, never repeated: people type passwords into the wrong field. */
export function participantsOf(pools: UserPools, request: LocalRequest): Participants {
  const members = membersOf(request)
  const claims = tokensIn(members, request).map(claimsOf)
  const answers = [members['AuthParameters'], members['ChallengeResponses']].map(objectOf)
  const clients = [members['ClientId'], members['client_id'], basicUser(request)]
  const clientId = [...clients, ...claims.map(({ client_id: id, aud }) => id ?? aud)]
    .map(String)
    .find((id) => pools.all().some((pool) => pool.clients.has(id)))
  const pool = poolOf(pools, { ClientId: clientId, ...members })
  const users = [members['Username'], members['username'], ...answers.map(({ USERNAME: name }) => name)]
  return {
    client: clientId,
    user: [...users, ...claims.map((claim) => claim['username'] ?? claim['cognito:username'])]
      .map((name) => (typeof name === 'string' ? pool.users.find(name)?.username : undefined))
      .find((name) => name !== undefined),
  }
}

/** The members of a JSON body, or the parameters of a form and of the address. Objects of S3 are left alone. */
function membersOf({ url, headers, body }: LocalRequest): Members {
  if (headers['x-amz-target'] !== undefined) return parsed(body.toString('utf8'))
  const form = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  return Object.fromEntries([
    ...url.searchParams,
    ...(form ? new URLSearchParams(body.toString('utf8')) : []),
  ])
}

function tokensIn(members: Members, { headers }: LocalRequest): unknown[] {
  const bearer = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  return [bearer, members['AccessToken'], ...Object.values(objectOf(members['Logins']))]
}

function claimsOf(token: unknown): Members {
  const [, payload = ''] = typeof token === 'string' ? token.split('.') : []
  return parsed(Buffer.from(payload, 'base64url').toString('utf8'))
}

function basicUser({ headers }: LocalRequest): string | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0]
}

function parsed(text: string): Members {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

function objectOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {}
}
