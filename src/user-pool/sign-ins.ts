import { type InvalidTokenError, SessionEndedError } from '../errors.ts'
import { hasCode } from '../lib/has-code.ts'
import type { Verifier } from './claims.ts'
import type { Denylist } from './denylist.ts'
import { KnownSignIns, type SignIn } from './known-sign-ins.ts'
import type { UserPoolConfiguration } from './options.ts'
import { refreshFailure, unlessStale } from './refresh-failure.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { redacted } from '../lib/redacted.ts'
import type { Tokens } from './tokens.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { type VerifiedTokens, verifyTokens } from './user.ts'

/**
 * After a failed refresh the same answer is given for this long, so that one fault is not multiplied by every
 * waiting request.
 */
const BACK_OFF_MS = 1_000

/**
 * The sign-ins of a pool in this process: one refresh per sign-in however many requests ask, its result
 * remembered for those that read their session too early, and the end of a sign-in known to everyone who still
 * holds its tokens.
 */
export class SignIns {
  readonly #pool: UserPoolConfiguration
  readonly #verifier: Verifier
  readonly #denylist: Denylist
  readonly #refreshTokens: RefreshTokens
  readonly #known: KnownSignIns

  constructor(
    pool: UserPoolConfiguration,
    verifier: Verifier,
    denylist: Denylist,
    refreshTokens: RefreshTokens,
    known = new KnownSignIns(),
  ) {
    this.#known = known
    this.#pool = pool
    this.#verifier = verifier
    this.#denylist = denylist
    this.#refreshTokens = refreshTokens
  }

  /** True for the tokens of a sign-in with this pool and app client; told from the unverified ID token. */
  owns(tokens: Tokens): boolean {
    const { idToken } = tokens
    if (this.#known.get(tokens)?.own?.tokens.idToken === idToken) return true
    return this.issued(idToken) && unverifiedPayload(idToken)['aud'] === this.#pool.clientId
  }

  /** Whether a token says that this pool issued it. Not verified, so it opens nothing: it only chooses who verifies. */
  issued(token: string): boolean {
    return this.#pool.issuers.includes(unverifiedPayload(token)['iss'] as string)
  }

  /** Whether a token says that it is for this app client. Not verified. */
  issuedTo(token: string): boolean {
    const { aud, client_id: clientId } = unverifiedPayload(token)
    return (clientId ?? aud) === this.#pool.clientId
  }

  /** The newest tokens known of the sign-in that `tokens` belong to. */
  latest(tokens: Tokens): Tokens {
    const known = this.#known.get(tokens)
    if (!known?.next) return tokens
    const newest = this.#known.chain(tokens).at(-1) as Tokens
    // Without rotation another process may have refreshed after this one, or in the same second: then the session has
    // tokens that this process did not replace. Two processes that each preferred their own would write it in turns.
    const sameFamily = newest.refreshToken === tokens.refreshToken && newest.idToken !== tokens.idToken
    const isNew = sameFamily && known.replaced !== tokens.idToken
    return isNew && issuedAt(tokens) >= issuedAt(newest) ? tokens : newest
  }

  /**
   * Ends the sign-in in this process: refreshes and credential handles that hold any of its tokens reject from
   * now on. When the promise has resolved (it never rejects), bearer tokens of the sign-in are refused too.
   */
  end(tokens: Tokens): Promise<void> {
    for (const known of this.#known.chain(tokens)) {
      const signIn = this.#known.of(known)
      signIn.ended = true
      // What a refresh brought and nobody has seen: without this it would outlive the sign-in.
      if (signIn.unverified) void this.#refreshTokens.revoke(signIn.unverified).catch(() => undefined)
      signIn.unverified = undefined
      this.#denylist.add(signIn.own?.idClaims.origin_jti)
    }
    return this.#deny(tokens)
  }

  /** Only what an authentic token says: whoever makes one up must not end the sign-in of somebody else. */
  async #deny({ idToken }: Tokens): Promise<void> {
    const claims = await this.#verifier.verify(idToken, { tokenUse: 'id' }).catch(() => undefined)
    this.#denylist.add(claims?.origin_jti)
  }

  /** When its tokens were refreshed here last, by this machine's clock. */
  refreshedAt(tokens: Tokens): number | undefined {
    return this.#known.get(tokens)?.refreshedAt
  }

  /** True after {@link end}. */
  hasEnded(tokens: Tokens): boolean {
    const known = this.#known.get(tokens)
    if (!known?.next) return known?.ended === true
    return this.#known.chain(tokens).some((one) => this.#known.get(one)?.ended === true)
  }

  /**
   * The sign-in's newest tokens, verified; refreshed first if they have expired. Throws like {@link refresh},
   * and InvalidTokenError.
   */
  async current(tokens: Tokens): Promise<VerifiedTokens> {
    if (this.hasEnded(tokens)) throw new SessionEndedError('The user has signed out.')
    const latest = this.latest(tokens)
    const signIn = this.#known.of(latest)
    try {
      const { own } = signIn
      if (own && isSame(own.tokens, latest) && (await this.#verifyAgain(own))) return own
      // A copy: what the app does to the tokens of one request must not reach the others.
      return (signIn.own = await verifyTokens(this.#verifier, Object.freeze(redacted({ ...latest }))))
    } catch (error) {
      unlessStale(error)
    }
    const refreshed = await this.refresh(latest)
    this.#known.of(refreshed.tokens).own = refreshed
    return refreshed
  }

  async #verifyAgain({ tokens, idClaims, accessClaims }: VerifiedTokens): Promise<boolean> {
    const { idToken, accessToken } = tokens
    return (
      (await this.#verifier.verifyAgain(idClaims, idToken)) &&
      (await this.#verifier.verifyAgain(accessClaims, accessToken))
    )
  }

  /**
   * Verified tokens that are current: those already known if they still are, else the result of the one refresh
   * under way. Rejects with {@link SessionEndedError} when Cognito refuses, {@link UnavailableError} when it
   * cannot be asked.
   */
  async refresh(tokens: Tokens): Promise<VerifiedTokens> {
    const latest = this.latest(tokens)
    if (this.hasEnded(tokens)) throw new SessionEndedError('The user has signed out.')
    if (latest.idToken !== tokens.idToken) {
      const current = await verifyTokens(this.#verifier, latest).catch(unlessStale)
      if (current) return current
    }
    const signIn = this.#known.of(latest)
    if (signIn.failure && isBefore(signIn.failure.until, BACK_OFF_MS)) throw signIn.failure.error
    signIn.refreshing ??= this.#known
      .whileBusy(signIn, () => this.#refresh(signIn, latest))
      .finally(() => (signIn.refreshing = undefined))
    return signIn.refreshing
  }

  async #refresh(signIn: SignIn, tokens: Tokens): Promise<VerifiedTokens> {
    try {
      const refreshed = Object.freeze(
        await this.#refreshTokens.redeemOnce(tokens, signIn.unverified, this.#verifier),
      )
      signIn.unverified = refreshed
      if (signIn.ended) await this.#discard(tokens, refreshed)
      const verified = await verifyTokens(this.#verifier, refreshed).catch(async (error: unknown) => {
        const refused = hasCode<InvalidTokenError>(error, 'ERR_COGNITO_INVALID_TOKEN') ? error : undefined
        // The app itself refuses this user: that ends the sign-in, and is no fault of Cognito.
        if (refused?.reason === 'revoked') await this.#discard(tokens, refreshed)
        throw error
      })
      if (signIn.ended) await this.#discard(tokens, refreshed)
      if (verified.idClaims.sub !== unverifiedPayload(tokens.idToken)['sub']) {
        throw new SessionEndedError('The refresh brought the tokens of another user.')
      }
      signIn.next = refreshed
      signIn.replaced = tokens.idToken
      this.#known.of(refreshed).refreshedAt = Date.now()
      signIn.unverified = undefined
      return verified
    } catch (error) {
      const failure = refreshFailure(error)
      if (failure instanceof SessionEndedError) signIn.ended = true
      if (failure.status >= 500) signIn.failure = { error: failure, until: Date.now() + BACK_OFF_MS }
      throw failure
    }
  }

  /** The user signed out while the refresh was under way: nothing of it may live on. */
  async #discard(old: Tokens, refreshed: Tokens): Promise<never> {
    if (refreshed.refreshToken !== undefined && refreshed.refreshToken !== old.refreshToken) {
      await this.#refreshTokens.revoke(refreshed).catch(() => undefined)
    }
    throw new SessionEndedError('The user has signed out.')
  }
}

function issuedAt({ idToken }: Tokens): number {
  return Number(unverifiedPayload(idToken)['iat'] ?? 0)
}

/** Whether a time that was `spanMs` away when it was set is still to come; a clock that was set back does not make it longer. */
function isBefore(until: number, spanMs: number): boolean {
  const rest = until - Date.now()
  return rest > 0 && rest <= spanMs
}

function isSame(a: Tokens, b: Tokens): boolean {
  return a.idToken === b.idToken && a.accessToken === b.accessToken && a.deviceKey === b.deviceKey
}
