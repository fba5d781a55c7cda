import { UnauthenticatedError } from '../errors.ts'
import type { CredentialsProvider } from '../identity/provider.ts'
import type { Claims } from '../user-pool/claims.ts'

/** Who the caller is, as {@link session} or {@link bearer} recognised them. */
export interface CognitoAuth<C extends Claims = Claims> {
  /** Verified and deeply frozen: of the ID token for a session, of the token that came for a bearer. */
  readonly claims: C
  /** The raw JWT that `claims` was verified in. */
  readonly token: string
  readonly source: 'session' | 'bearer'
  /** A person, or a machine that has a token of the client credentials grant. */
  readonly kind: 'user' | 'client'
  /** `cognito:groups`. */
  readonly groups: readonly string[]
  /** The scopes of the access token; empty for an ID token. */
  readonly scopes: readonly string[]
  /**
   * The user's own AWS credentials, for the `credentials` of any AWS SDK client. Nothing is fetched before the
   * first call; it renews itself. `credentials.identityId()` gives the identity alone. Rejects with CredentialsError,
   * UnavailableError, or SessionEndedError after sign-out.
   */
  readonly credentials: CredentialsProvider
}

declare global {
  namespace Express {
    interface Request {
      /**
       * Present when the caller is recognised. Read it with `getAuth(req)`, which throws 401 instead of giving
       * `undefined`.
       */
      cognito?: CognitoAuth
    }
    interface AuthInfo {
      /** The page of the app that the sign-in was started for. */
      returnTo?: string
    }
  }
}

/**
 * The caller. Throws {@link UnauthenticatedError} (401) when there is none, so that a forgotten guard closes
 * the route.
 */
export function getAuth<C extends Claims = Claims>(req: { cognito?: CognitoAuth }): CognitoAuth<C> {
  if (req.cognito) return req.cognito as CognitoAuth<C>
  throw new UnauthenticatedError(
    'Nobody is recognised. Guard the route with requireAuth(), and mount app.use(session({ userPool })) or app.use(bearer({ userPool })) before it.',
  )
}

/**
 * The caller as data, unchangeable, so that requests with the same token may share it. The raw token is a getter:
 * logged, spread or turned into JSON, it does not show. The lists become the caller's own: give copies.
 */
export class Caller<C extends Claims> implements CognitoAuth<C> {
  readonly claims: C
  readonly source: CognitoAuth['source']
  readonly kind: CognitoAuth['kind']
  readonly groups: readonly string[]
  readonly scopes: readonly string[]
  readonly credentials: CognitoAuth['credentials']
  readonly #token: string

  constructor({ claims, token, source, kind, groups, scopes, credentials }: CognitoAuth<C>) {
    this.claims = claims
    this.source = source
    this.kind = kind
    this.groups = Object.freeze(groups)
    this.scopes = Object.freeze(scopes)
    this.credentials = credentials
    this.#token = token
    Object.freeze(this)
  }

  get token(): string {
    return this.#token
  }
}
