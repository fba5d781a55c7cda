import type { SignIn } from './known-sign-ins.ts'
import type { VerifiedTokens } from './user.ts'

/** Tokens are refreshed this long before they expire, so that a handler is not given some that expire while it uses them. */
const EARLY_SECONDS = 60
/** While they are still good no sign-in is refreshed more often, whatever the clocks say. */
const AT_MOST_EVERY_MS = 30_000

/**
 * Whether tokens that are still good are to be refreshed now: at the end of their life, and not before its middle. Says so
 * once; who asks meanwhile goes on with those that are still good.
 */
export function isDue({ tokens, idClaims, accessClaims }: VerifiedTokens, signIn: SignIn): boolean {
  if (tokens.refreshToken === undefined) return false
  const now = Date.now()
  const due = [idClaims, accessClaims].some(({ iat, exp }) => {
    return exp - now / 1000 < Math.min(EARLY_SECONDS, (exp - iat) / 2)
  })
  if (!due || [signIn.refreshedAt, signIn.triedAt].some((at) => isRecent(at, now))) return false
  signIn.triedAt = now
  return true
}

/** A time in the future is one of a clock that was set back since. */
function isRecent(at: number | undefined, now: number): boolean {
  return at !== undefined && at <= now && now - at < AT_MOST_EVERY_MS
}
