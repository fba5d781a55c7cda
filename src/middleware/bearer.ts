import { ForbiddenError, InvalidTokenError, UnauthenticatedError } from '../errors.ts'
import { andThen } from '../lib/and-then.ts'
import { type Claims, groupsOf, scopesOf } from '../user-pool/claims.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { VerifiedToken } from '../user-pool/verified-tokens.ts'
import { bearerSyntaxError, bearerToken } from './authorization.ts'
import { type BearerConfiguration, type BearerOptions, configureBearer } from './bearer-options.ts'
import { bearerCredentials } from './credentials.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { deny } from './deny.ts'
import { type Handler, handler, type Request } from './handler.ts'
import { Caller, type CognitoAuth } from './request.ts'
import { isStale, type StaleBefore } from './stale.ts'

/**
 * Recognises API callers by the bearer token in the `Authorization` header (RFC 6750), and only there. Puts the
 * caller on `req.cognito`. A browser that `session()` has recognised already, with this pool and `clientId`, is let through,
 * but not with a bad token, somebody else's token, or an unsafe request that a page of another origin made. No token 401,
 * malformed header 400, wrong token 401, keys unreachable 503.
 */
export function bearer(options: BearerOptions): Handler {
  const config = configureBearer(options)
  const { choosePool, identityPool, requirements } = config
  /** Of tokens that another bearer() has recognised first. */
  const callers = new WeakMap<Claims, CognitoAuth>()

  return handler((req, res) => {
    let token: string | undefined
    const refused = (error: unknown) => {
      const malformed = token === undefined ? undefined : bearerSyntaxError(req)
      return deny(malformed ?? error, req, res, { by: 'bearer' })
    }
    try {
      token = bearerToken(req)
      const recognising = token === undefined ? welcome(req) : recognise(req, token)
      return recognising ? recognising.then(() => 'next', refused) : 'next'
    } catch (error) {
      return refused(error)
    }
  })

  function welcome(req: Request): Promise<void> | undefined {
    if (req.cognito) return assertWelcome(req, req.cognito, config)
    if (config.required) throw new UnauthenticatedError()
    return undefined
  }

  /** At once where nothing has to be waited for. */
  function recognise(req: Request, token: string): void | Promise<void> {
    return andThen(choosePool(token, req), (userPool) =>
      andThen(userPool.verifier.verify(token, requirements, true), (verified) => {
        const auth = callerOf(verified, userPool)
        const looking = config.staleBefore && assertFresh(auth, config.staleBefore)
        return andThen(looking, () => put(req, auth))
      }),
    )
  }

  /**
   * Whom the token is of: the same object as long as the pool remembers the token. The usual case, one bearer() for a
   * token, does without the map, whose entries the garbage collector pays for with every new token.
   */
  function callerOf(verified: VerifiedToken, userPool: UserPool): CognitoAuth {
    if (verified.caller?.of === requirements) return verified.caller.auth as CognitoAuth
    const auth = callers.get(verified.claims) ?? caller(verified, userPool)
    if (verified.caller) callers.set(verified.claims, auth)
    else verified.caller = { of: requirements, auth }
    return auth
  }

  function caller({ token, claims }: VerifiedToken, userPool: UserPool): CognitoAuth {
    const kind = kindOf(claims)
    if (kind === 'client' && !config.allowMachineTokens) {
      throw new InvalidTokenError('claims', 'The token is of a machine. Set "allowMachineTokens" to take it.')
    }
    const credentials = bearerCredentials(userPool, identityPool, token, claims)
    const rights = { groups: groupsOf(claims), scopes: scopesOf(claims) }
    return new Caller({ claims, token, source: 'bearer', kind, ...rights, credentials })
  }
}

/** Whoever recognised the caller first did; two callers in one request are none. */
function put(req: Request, auth: CognitoAuth): void {
  if (req.cognito && req.cognito.claims.sub !== auth.claims.sub) {
    throw new InvalidTokenError('claims', 'The bearer token belongs to another user than the session.')
  }
  req.cognito ??= auth
}

/** Without a token: a session of this pool, and of a page of the app itself. */
async function assertWelcome(
  req: Request,
  caller: CognitoAuth,
  { choosePool, requirements, staleBefore }: BearerConfiguration,
): Promise<void> {
  assertOwnPage(req)
  if (caller.source !== 'session') return
  const userPool = await choosePool(caller.token, req)
  if (!userPool.issuers.includes(caller.claims.iss)) throw new UnauthenticatedError()
  const { clientId = userPool.clientId } = requirements
  if (clientId !== null && ![clientId].flat().includes(clientOf(caller.claims)))
    throw new UnauthenticatedError()
  if (staleBefore) await assertFresh(caller, staleBefore)
}

function clientOf(claims: Claims): string {
  return claims.token_use === 'id' ? claims.aud : claims.client_id
}

async function assertFresh(caller: CognitoAuth, staleBefore: StaleBefore): Promise<void> {
  if (await isStale(caller, staleBefore)) {
    throw new InvalidTokenError('stale', 'The token is older than the caller’s rights.')
  }
}

/** Tokens of the client credentials grant name the app client as their subject, and no user. */
function kindOf(claims: Claims): CognitoAuth['kind'] {
  if (claims.token_use !== 'access') return 'user'
  return claims.sub === claims['client_id'] || claims['username'] === undefined ? 'client' : 'user'
}

/** A cookie comes along by itself, so without a token it must be the app's own page that asks for a change. */
function assertOwnPage(req: Request): void {
  const safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method ?? '')
  if (!safe && req.cognito?.source === 'session' && isCrossOrigin(req)) {
    throw new ForbiddenError('A page of another origin may not act for the signed-in user.')
  }
}
