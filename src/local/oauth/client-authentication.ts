import { secretMatches, type Client } from '../user-pool/client.ts'
import type { LocalRequest } from '../server/http.ts'
import type { UserPool } from '../user-pool/user-pool.ts'

/** Thrown by the machine endpoints: `{"error": …}` (RFC 6749 §5.2), 400 unless said otherwise. */
export class OAuthError extends Error {
  readonly error: string
  readonly description: string | undefined
  readonly status: number

  constructor(error: string, description?: string, status = 400) {
    super(error)
    this.name = 'OAuthError'
    this.error = error
    this.description = description
    this.status = status
  }
}

/** The client that calls: `client_secret_basic`, `client_secret_post`, or `client_id` alone for public clients. */
export function authenticateClient(
  pool: UserPool,
  request: LocalRequest,
  parameters: URLSearchParams,
): Client {
  const basic = basicCredentials(request.headers['authorization'])
  const posted = parameters.get('client_id')
  const clientId = basic?.clientId ?? posted
  if (clientId === null || clientId === undefined) throw new OAuthError('invalid_request')
  const client = pool.clients.get(clientId)
  const secret = basic ? basic.secret : (parameters.get('client_secret') ?? undefined)
  const contradicts = basic !== undefined && posted !== null && posted !== basic.clientId
  if (!client || contradicts || !secretMatches(client, secret)) throw new OAuthError('invalid_client')
  return client
}

/** RFC 6749 §2.3.1: both halves are form-encoded inside the Base64. */
function basicCredentials(header: string | undefined): { clientId: string; secret: string } | undefined {
  if (header === undefined) return undefined
  const decoded = Buffer.from(/^Basic +(\S+)$/i.exec(header)?.[1] ?? '', 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 1) throw new OAuthError('invalid_client')
  try {
    const [clientId = '', secret = ''] = [decoded.slice(0, colon), decoded.slice(colon + 1)].map((half) =>
      decodeURIComponent(half.replaceAll('+', '%20')),
    )
    return { clientId, secret }
  } catch {
    throw new OAuthError('invalid_client')
  }
}
