import type { Attempt } from '../user-pool/auth-sessions.ts'
import { exists } from '../user-pool/phantom.ts'
import { runTrigger } from '../user-pool/run-trigger.ts'
import type { SignIn } from '../user-pool/sign-ins.ts'
import type { TokenSource } from '../user-pool/token-overrides.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { deviceOfSignIn } from './device-tracking.ts'
import { notAuthorized, wrongPassword } from './refusal.ts'

/** What a sign-in on the pages ends with: the browser gets a session, and the app its tokens later. */
export interface SignedInOnPage {
  signedIn: User
}

/** The tokens of a sign-in whose every question was answered. */
export async function finish(
  pool: UserPool,
  attempt: Attempt,
  source: TokenSource = 'TokenGeneration_Authentication',
): Promise<object> {
  const { user, client } = attempt
  // Phantoms get this far only by guessing a code that nobody was sent; others may have been deleted meanwhile.
  if (!exists(pool, user)) throw notAuthorized(wrongPassword)
  if (!user.enabled) throw notAuthorized('User is disabled.')
  const { deviceKey, newDevice } = deviceOfSignIn(pool, attempt)
  await runTrigger(pool, 'postAuthentication', {
    source: 'PostAuthentication_Authentication',
    user,
    client,
    request: { newDeviceUsed: newDevice !== undefined, ...withMetadata(attempt) },
    response: {},
  })
  if (attempt.flow === 'HOSTED') return { signedIn: user } satisfies SignedInOnPage
  const authTime = pool.clock.nowSeconds()
  const signIn = pool.signIns.start({ user, client, scopes: undefined, authTime, deviceKey })
  return authenticationResult(pool, signIn, source, {
    RefreshToken: pool.refreshTokens.issue(signIn),
    NewDeviceMetadata: newDevice,
  })
}

/** Tokens on the wire. `ChallengeParameters` is empty, not absent. */
export async function authenticationResult(
  pool: UserPool,
  signIn: SignIn,
  source: TokenSource,
  more: { RefreshToken?: string | undefined; NewDeviceMetadata?: object | undefined } = {},
): Promise<object> {
  const { accessToken, idToken, expiresIn } = await issueTokens(pool, signIn, { source })
  return {
    AuthenticationResult: {
      AccessToken: accessToken,
      ExpiresIn: expiresIn,
      IdToken: idToken,
      TokenType: 'Bearer',
      ...more,
    },
    ChallengeParameters: {},
  }
}

/** `clientMetadata` of an event, where the caller sent some. */
export function withMetadata({ clientMetadata }: Pick<Attempt, 'clientMetadata'>): {
  clientMetadata?: Record<string, string>
} {
  return clientMetadata === undefined ? {} : { clientMetadata }
}
