import { unverifiedPayload } from '../lib/unverified.ts'
import { within } from '../lib/within.ts'
import type { Verifier } from './verify.ts'
import type { Denylist } from './denylist.ts'
import type { KnownSignIns } from './known-sign-ins.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { SharedSignIns } from './shared/shared-sign-ins.ts'
import type { HeldTokens, SignInHandle } from './sign-in-handle.ts'
import { areTokens, type Tokens } from './tokens.ts'

/** Where the end of a sign-in must be known. */
export interface EndSignInParts {
  known: KnownSignIns
  denylist: Denylist
  verifier: Verifier
  refreshTokens: RefreshTokens
  shared: SharedSignIns | undefined
}

/** A sign-out does not wait longer for signing keys that may be needed, in milliseconds. */
const VERIFICATION_LIMIT_MS = 2_500

/**
 * Ends a sign-in, here at once; `signIn` is its handle where it is shared. Rejects with UnavailableError when the others cannot be
 * told yet.
 */
export async function endSignIn(
  held: HeldTokens,
  signIn: SignInHandle | undefined,
  parts: EndSignInParts,
): Promise<void> {
  const { denylist, shared } = parts
  const ends: Promise<void>[] = []
  if (areTokens(held)) ends.push(...endHere(held, parts))
  if (shared && signIn) ends.push(shared.end(signIn))
  // Out of a sealed record, so nobody has made it up, whether it has expired or not.
  if (areTokens(held))
    ends.push(signIn ? denylist.add(unverifiedPayload(held.idToken)['origin_jti']) : deny(held, parts))
  const failed = (await Promise.allSettled(ends)).find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}

function endHere(tokens: Tokens, { known, denylist, refreshTokens }: EndSignInParts): Promise<void>[] {
  return known.chain(tokens).map((one) => {
    const signIn = known.of(one)
    signIn.ended = true
    // What a refresh brought and nobody has seen: without this it would outlive the sign-in.
    if (signIn.unverified) void refreshTokens.revoke(signIn.unverified).catch(() => undefined)
    signIn.unverified = undefined
    return denylist.add(signIn.own?.idClaims.origin_jti)
  })
}

/** Only what an authentic token says: whoever makes one up must not end the sign-in of somebody else. */
async function deny({ idToken }: Tokens, { denylist, verifier }: EndSignInParts): Promise<void> {
  const verifying = (async () => verifier.verify(idToken, { tokenUse: 'id' }))()
  const verified = await within(verifying, VERIFICATION_LIMIT_MS).catch(() => undefined)
  await denylist.add(verified?.claims.origin_jti)
}
