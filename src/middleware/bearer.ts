import { ConfigurationError, ForbiddenError, InvalidTokenError, UnauthenticatedError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import { assertInstance, assertKnownOptions, optionalBoolean, optionalText } from '../lib/assert.ts'
import { groupsOf, scopesOf, type TokenRequirements, type TokenUse } from '../user-pool/claims.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { bearerToken } from './authorization.ts'
import { bearerCredentials } from './credentials.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { deny } from './deny.ts'
import { type Handler, handler, type Request } from './handler.ts'
import { setAuth } from './request.ts'

/** What `bearer()` takes. */
export interface BearerOptions {
  userPool: UserPool
  /** For `credentials`; needs `tokenUse: 'id'`. */
  identityPool?: IdentityPool | undefined
  /** Default `access`; an explicit `null` takes either kind. */
  tokenUse?: TokenUse | undefined
  /** Other app clients of the pool; `null` takes any. Default: the pool's `clientId`. */
  clientId?: TokenRequirements['clientId']
  /**
   * With `false` a request without a token goes on unrecognised. A bad token is an error all the same. Default
   * true.
   */
  required?: boolean | undefined
}

/**
 * Recognises API callers by the bearer token in the `Authorization` header (RFC 6750), and only there. Puts the
 * caller on `req.cognito`. A browser that `session()` has recognised already is let through, but not with a bad
 * token, somebody else's token, or an unsafe request that a page of another origin made. No token 401,
 * malformed header 400, wrong token 401, keys unreachable 503.
 */
export function bearer(options: BearerOptions): Handler {
  const { userPool, identityPool, required, requirements } = configureBearer(options)

  return handler(async (req, res) => {
    try {
      const token = bearerToken(req)
      if (token !== undefined) await recognise(req, token)
      else if (req.cognito) assertOwnPage(req)
      else if (required) throw new UnauthenticatedError()
      return 'next'
    } catch (error) {
      return deny(error, req, res)
    }
  })

  async function recognise(req: Request, token: string): Promise<void> {
    const claims = await userPool.verify(token, requirements)
    // Whoever recognised the caller first did; two callers in one request are none.
    if (req.cognito && req.cognito.claims.sub !== claims.sub) {
      throw new InvalidTokenError('claims', 'The bearer token belongs to another user than the session.')
    }
    if (req.cognito) return
    const credentials = bearerCredentials(userPool, identityPool, token, claims)
    setAuth(req, {
      claims,
      token,
      source: 'bearer',
      groups: groupsOf(claims),
      scopes: scopesOf(claims),
      credentials,
    })
  }
}

/** A cookie comes along by itself, so without a token it must be the app's own page that asks for a change. */
function assertOwnPage(req: Request): void {
  const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method ?? '')
  if (!safe && req.cognito?.source === 'session' && isCrossOrigin(req)) {
    throw new ForbiddenError('A page of another origin may not act for the signed-in user.')
  }
}

function configureBearer(options: BearerOptions) {
  assertKnownOptions('bearer', options, ['userPool', 'identityPool', 'tokenUse', 'clientId', 'required'])
  const { userPool, identityPool, tokenUse = 'access', clientId } = options
  assertInstance('bearer', 'userPool', userPool, 'UserPool')
  if (identityPool !== undefined) assertInstance('bearer', 'identityPool', identityPool, 'IdentityPool')
  if (tokenUse !== 'access' && tokenUse !== 'id' && tokenUse !== null) {
    throw new ConfigurationError('bearer: "tokenUse" must be "access", "id", or null for either.')
  }
  const ids = typeof clientId === 'string' ? [clientId] : clientId
  const clientIdExample = '"4ifa83b1k2example9c0d1e2f3"'
  if (
    ids !== undefined &&
    ids !== null &&
    !(
      Array.isArray(ids) &&
      ids.length > 0 &&
      ids.every((id) => optionalText('bearer', 'clientId', id, clientIdExample) !== undefined)
    )
  ) {
    throw new ConfigurationError(
      'bearer: "clientId" must be an app client id, a list of them, or null for any.',
    )
  }
  const required = optionalBoolean('bearer', 'required', options.required, true)
  return { userPool, identityPool, required, requirements: { tokenUse, clientId } }
}
