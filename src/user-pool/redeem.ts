import { type InvalidTokenError, SessionEndedError } from '../errors.ts'
import { hasCode } from '../lib/has-code.ts'
import type { Verifier } from './verify.ts'
import { refreshFailure } from './refresh-failure.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { assertSameSignIn } from './same-sign-in.ts'
import type { Spent } from './shared/shared-refresh.ts'
import { copyOfTokens } from './sign-in-handle.ts'
import type { Tokens } from './tokens.ts'
import { type VerifiedTokens, verifyTokens } from './user.ts'

/** Tokens to trade, and those that an earlier trade brought and that could not be verified. */
export interface Redeemable {
  readonly tokens: Tokens
  readonly unverified?: Tokens | undefined
}

/** Who trades tokens, and what they must know of the sign-in meanwhile. */
export interface RedeemParts {
  refreshTokens: RefreshTokens
  verifier: Verifier
  /** Gets the new tokens before they are verified: whoever signs out meanwhile must find them, to revoke them. */
  brought: (tokens: Tokens) => void
  hasEnded: () => boolean
}

/**
 * Trades the tokens of a sign-in for new ones, once, and verifies them. Throws SessionEndedError when Cognito refuses, when the
 * user has signed out meanwhile, or when the new tokens are another user's; UnavailableError when nothing was brought.
 */
export async function redeem({ tokens, unverified }: Redeemable, parts: RedeemParts): Promise<Spent> {
  const { refreshTokens, verifier, hasEnded } = parts
  const brought = await refreshTokens.redeemOnce(tokens, unverified, verifier)
  const refreshed = Object.freeze(
    copyOfTokens({ ...brought, ...(tokens.signIn && { signIn: tokens.signIn }) }),
  )
  parts.brought(refreshed)
  if (hasEnded()) await discard(tokens, refreshed, refreshTokens)
  let verified: VerifiedTokens
  try {
    verified = await verifyTokens(verifier, refreshed)
  } catch (error) {
    const refused = hasCode<InvalidTokenError>(error, 'ERR_COGNITO_INVALID_TOKEN') ? error : undefined
    // The app itself refuses this user: that ends the sign-in, and is no fault of Cognito.
    if (refused?.reason === 'revoked') await discard(tokens, refreshed, refreshTokens)
    const failure = refreshFailure(error)
    if (failure instanceof SessionEndedError) throw failure
    return { unverified: refreshed, failure }
  }
  if (hasEnded()) await discard(tokens, refreshed, refreshTokens)
  assertSameSignIn(tokens, verified)
  return { verified }
}

/** The user signed out while the refresh was under way: nothing of it may live on. */
async function discard(old: Tokens, refreshed: Tokens, refreshTokens: RefreshTokens): Promise<never> {
  if (refreshed.refreshToken !== undefined && refreshed.refreshToken !== old.refreshToken) {
    await refreshTokens.revoke(refreshed).catch(() => undefined)
  }
  throw new SessionEndedError('The user has signed out.')
}
