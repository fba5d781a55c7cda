import { LRUCache } from 'lru-cache'
import { type InvalidTokenError, SessionEndedError } from '../errors.ts'
import { hasCode } from '../lib/has-code.ts'
import type { Verifier } from './claims.ts'
import type { Denylist } from './denylist.ts'
import type { UserPoolConfiguration } from './options.ts'
import { refreshFailure, unlessStale } from './refresh-failure.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { redacted } from '../lib/redacted.ts'
import { signInId, type Tokens } from './tokens.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { type VerifiedTokens, verifyTokens } from './user.ts'

/** What this process knows of one refresh token. */
interface SignIn {
  /** The tokens that its refresh brought: requests that still hold the old ones find them here. */
  next?: Tokens
  refreshing?: Promise<VerifiedTokens> | undefined
  /** Tokens that a refresh brought and that could not be verified yet: with rotation the old ones are worth nothing any more. */
  unverified?: Tokens | undefined
  failure?: { error: Error; until: number }
  /** When its tokens were refreshed here last. */
  refreshedAt?: number
  ended?: true
  /** Its tokens as they were verified here last. */
  own?: VerifiedTokens
}

/**
 * Sign-ins remembered per pool: about 7 kB each with tokens of 1.2 kB and their claims, so at most some 70 MB. Who falls out is refreshed
 * from their session's tokens.
 */
const MAX_SIGN_INS = 10_000
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
  readonly #signIns = new LRUCache<string, SignIn>({ max: MAX_SIGN_INS })
  /** A request asks several times for the id of the same tokens, and each is a hash over 2 kB. */
  readonly #ids = new WeakMap<Tokens, string>()

  constructor(
    pool: UserPoolConfiguration,
    verifier: Verifier,
    denylist: Denylist,
    refreshTokens: RefreshTokens,
  ) {
    this.#pool = pool
    this.#verifier = verifier
    this.#denylist = denylist
    this.#refreshTokens = refreshTokens
  }

  /** True for the tokens of a sign-in with this pool and app client; told from the unverified ID token. */
  owns(tokens: Tokens): boolean {
    const { idToken } = tokens
    if (this.#known(tokens)?.own?.tokens.idToken === idToken) return true
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
    if (!this.#known(tokens)?.next) return tokens
    const newest = this.#chain(tokens).at(-1) as Tokens
    // Without rotation another process may have refreshed after this one: then the row has the newer tokens.
    const sameFamily = newest.refreshToken === tokens.refreshToken && newest.idToken !== tokens.idToken
    return sameFamily && issuedAt(tokens) > issuedAt(newest) ? tokens : newest
  }

  /**
   * Ends the sign-in in this process: refreshes and credential handles that hold any of its tokens reject from
   * now on.
   */
  end(tokens: Tokens): void {
    for (const known of this.#chain(tokens)) {
      const signIn = this.#of(known)
      signIn.ended = true
      // What a refresh brought and nobody has seen: without this it would outlive the sign-in.
      if (signIn.unverified) void this.#refreshTokens.revoke(signIn.unverified).catch(() => undefined)
      signIn.unverified = undefined
    }
    this.#denylist.add(unverifiedPayload(tokens.idToken)['origin_jti'])
  }

  /** When its tokens were refreshed here last, by this machine's clock. */
  refreshedAt(tokens: Tokens): number | undefined {
    return this.#known(tokens)?.refreshedAt
  }

  /** True after {@link end}. */
  hasEnded(tokens: Tokens): boolean {
    const known = this.#known(tokens)
    if (!known?.next) return known?.ended === true
    return this.#chain(tokens).some((one) => this.#known(one)?.ended === true)
  }

  /**
   * The sign-in's newest tokens, verified; refreshed first if they have expired. Throws like {@link refresh},
   * and InvalidTokenError.
   */
  async current(tokens: Tokens): Promise<VerifiedTokens> {
    if (this.hasEnded(tokens)) throw new SessionEndedError('The user has signed out.')
    const latest = this.latest(tokens)
    const signIn = this.#of(latest)
    try {
      const own = signIn.own && isSame(signIn.own.tokens, latest) ? signIn.own : undefined
      if (own && (await this.#verifyAgain(own))) return own
      // A copy: what the app does to the tokens of one request must not reach the others.
      return (signIn.own = await verifyTokens(this.#verifier, Object.freeze(redacted({ ...latest }))))
    } catch (error) {
      unlessStale(error)
    }
    const refreshed = await this.refresh(latest)
    this.#of(refreshed.tokens).own = refreshed
    return refreshed
  }

  async #verifyAgain({ idClaims, accessClaims }: VerifiedTokens): Promise<boolean> {
    return (await this.#verifier.verifyAgain(idClaims)) && (await this.#verifier.verifyAgain(accessClaims))
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
    const signIn = this.#of(latest)
    if (signIn.failure && isBefore(signIn.failure.until, BACK_OFF_MS)) throw signIn.failure.error
    signIn.refreshing ??= this.#refresh(signIn, latest).finally(() => (signIn.refreshing = undefined))
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
      this.#of(refreshed).refreshedAt = Date.now()
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

  #of(tokens: Tokens): SignIn {
    const known = this.#known(tokens)
    if (known) return known
    const signIn: SignIn = {}
    this.#signIns.set(this.#idOf(tokens), signIn)
    return signIn
  }

  #known(tokens: Tokens): SignIn | undefined {
    return this.#signIns.get(this.#idOf(tokens))
  }

  #idOf(tokens: Tokens): string {
    const known = this.#ids.get(tokens)
    if (known !== undefined) return known
    const id = signInId(tokens)
    this.#ids.set(tokens, id)
    return id
  }

  /** From the given tokens to the newest: one step for each rotated refresh token. */
  #chain(tokens: Tokens): Tokens[] {
    const chain = [tokens]
    const seen = new Set<SignIn>()
    for (let signIn = this.#known(tokens); signIn?.next && !seen.has(signIn);) {
      seen.add(signIn)
      chain.push(signIn.next)
      signIn = this.#known(signIn.next)
    }
    return chain
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
