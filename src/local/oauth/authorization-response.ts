import { randomUUID } from '../lib/random.ts'
import type { LocalResponse } from '../server/http.ts'
import type { BrowserSession } from '../user-pool/browser-session.ts'
import { issueTokens } from '../user-pool/tokens.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { redirect, withFragment, withParameters } from './parameters.ts'

/** Codes live five minutes (developer guide, "Authorize endpoint"). */
const codeLifetimeSeconds = 300

/** Back to the app, with a code or with tokens. */
export async function respond(
  pool: UserPool,
  asked: AuthorizationRequest,
  session: BrowserSession,
  cookies: string[] = [],
): Promise<LocalResponse> {
  if (asked.responseType === 'token') return redirectWithTokens(pool, asked, session, cookies)
  const { client, redirectUri, scopes, codeChallenge, nonce, state, resource } = asked
  const { user, authTime } = session
  const code = randomUUID()
  const granted = { user, authTime, client, redirectUri, scopes, codeChallenge, nonce, resource }
  pool.codes.set(code, granted, codeLifetimeSeconds)
  return redirect(withParameters(redirectUri, { code, state }), cookies)
}

/** The implicit grant (RFC 6749 §4.2): everything in the fragment, and never a refresh token. */
async function redirectWithTokens(
  pool: UserPool,
  { client, redirectUri, scopes, nonce, state, resource }: AuthorizationRequest,
  { user, authTime }: BrowserSession,
  cookies: string[],
): Promise<LocalResponse> {
  const signIn = pool.signIns.start({ user, client, scopes, authTime, resource })
  const tokens = await issueTokens(pool, signIn, { source: 'TokenGeneration_HostedAuth', nonce })
  const parameters = {
    id_token: tokens.idToken,
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: String(tokens.expiresIn),
    state,
  }
  return redirect(withFragment(redirectUri, parameters), cookies)
}
