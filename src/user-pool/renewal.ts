import { UnavailableError } from '../errors.ts'
import type { Verifier } from './verify.ts'
import type { SignIn } from './known-sign-ins.ts'
import { redeem, type Redeemable } from './redeem.ts'
import { unlessStale } from './refresh-failure.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import type { Spent } from './shared/shared-refresh.ts'
import type { SharedSignIns } from './shared/shared-sign-ins.ts'
import { copyOfTokens, type SignInHandle } from './sign-in-handle.ts'
import type { Tokens } from './tokens.ts'
import { type VerifiedTokens, verifyTokens } from './user.ts'

/** Tokens of another process may have expired by the time that they are found. */
const MOST_ADOPTIONS = 3

/** What a renewal needs. */
export interface RenewalParts {
  refreshTokens: RefreshTokens
  verifier: Verifier
  shared: SharedSignIns | undefined
  hasEnded: (tokens: Tokens) => boolean
}

/** New tokens for a sign-in: by a refresh of this process, or by that of another one where the sign-in is shared. */
export class Renewal {
  readonly #parts: RenewalParts

  constructor(parts: RenewalParts) {
    this.#parts = parts
  }

  /** Verified tokens in place of `tokens`. Throws SessionEndedError, UnavailableError, or what kept them from being verified. */
  async renew(signIn: SignIn, tokens: Tokens, handle: SignInHandle | undefined): Promise<VerifiedTokens> {
    const { shared } = this.#parts
    if (shared && handle) return this.#renewShared(shared, signIn, tokens, handle)
    const spent = await this.#redeem(signIn, { tokens, unverified: signIn.unverified })
    if ('verified' in spent) return spent.verified
    throw spent.failure
  }

  async #renewShared(
    shared: SharedSignIns,
    signIn: SignIn,
    tokens: Tokens,
    handle: SignInHandle,
  ): Promise<VerifiedTokens> {
    let held = tokens
    for (let left = MOST_ADOPTIONS; left > 0; left -= 1) {
      const renewed = await shared.refresh(held, handle, (record) => this.#redeem(signIn, record))
      if ('verified' in renewed) return renewed.verified
      held = Object.freeze(copyOfTokens(renewed.adopted))
      const current = await verifyTokens(this.#parts.verifier, held).catch(unlessStale)
      if (current) return current
    }
    throw new UnavailableError('The tokens that other processes got have expired.')
  }

  #redeem(signIn: SignIn, record: Redeemable): Promise<Spent> {
    const { refreshTokens, verifier, hasEnded } = this.#parts
    return redeem(record, {
      refreshTokens,
      verifier,
      brought: (tokens) => (signIn.unverified = tokens),
      hasEnded: () => signIn.ended === true || hasEnded(record.tokens),
    })
  }
}
