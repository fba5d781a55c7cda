import { SessionEndedError, UnavailableError } from '../errors.ts'
import type { Verifier } from './verify.ts'
import type { Denylist } from './denylist.ts'
import { isDue } from './due.ts'
import { endSignIn } from './end-sign-in.ts'
import { KnownSignIns, type SignIn } from './known-sign-ins.ts'
import type { UserPoolConfiguration } from './options.ts'
import { tellRefresh } from './refresh-event.ts'
import { backOff, refreshFailure, unlessStale, unlessStillGood } from './refresh-failure.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { Renewal } from './renewal.ts'
import type { SharedSignIns } from './shared/shared-sign-ins.ts'
import { copyOfTokens, handleOf, type HeldTokens, type SignInHandle } from './sign-in-handle.ts'
import { areTokens, type Tokens } from './tokens.ts'
import { unverifiedPayload } from '../lib/unverified.ts'
import { type VerifiedTokens, verifyTokens } from './user.ts'

/** What the sign-ins of a pool are made of. */
export interface SignInsParts {
  pool: UserPoolConfiguration
  verifier: Verifier
  denylist: Denylist
  refreshTokens: RefreshTokens
  /** With a pool that has a shared store. */
  shared?: SharedSignIns | undefined
  known?: KnownSignIns
}

/**
 * The sign-ins of a pool in this process: one refresh per sign-in however many requests ask, its result
 * remembered for those that read their session too early, and the end of a sign-in known to everyone who still
 * holds its tokens. With a shared store the same holds for all processes together.
 */
export class SignIns {
  readonly #pool: UserPoolConfiguration
  readonly #verifier: Verifier
  readonly #denylist: Denylist
  readonly #refreshTokens: RefreshTokens
  readonly #shared: SharedSignIns | undefined
  readonly #known: KnownSignIns
  readonly #renewal: Renewal

  constructor({ pool, verifier, denylist, refreshTokens, shared, known = new KnownSignIns() }: SignInsParts) {
    this.#known = known
    this.#pool = pool
    this.#verifier = verifier
    this.#denylist = denylist
    this.#refreshTokens = refreshTokens
    this.#shared = shared
    this.#renewal = new Renewal({
      refreshTokens,
      verifier,
      shared,
      hasEnded: (tokens) => this.hasEnded(tokens),
    })
  }

  /** True for the tokens of a sign-in with this pool and app client; told from the handle, or the unverified ID token. */
  owns(held: HeldTokens): boolean {
    if (this.#sharedHandle(held)) return true
    if (!areTokens(held)) return false
    const { idToken } = held
    if (this.#known.get(held)?.own?.tokens.idToken === idToken) return true
    return this.issued(idToken) && unverifiedPayload(idToken)['aud'] === this.#pool.clientId
  }

  /** Whether a session holds the name of a sign-in of this pool, which is kept in a store that this pool does not have. */
  lacksStoreFor(held: HeldTokens): boolean {
    const { userPoolId, clientId } = handleOf(held) ?? {}
    return !this.#shared && userPoolId === this.#pool.userPoolId && clientId === this.#pool.clientId
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

  /** Keeps a sign-in where its pool keeps them. Gives its tokens, for a session. Rejects with UnavailableError. */
  async keep(tokens: Tokens, sub: string): Promise<Tokens> {
    return this.#shared ? this.#shared.keep(tokens, sub) : tokens
  }

  /** What a session holds, as this pool keeps it: whole tokens, from before there was a store, are taken into it. */
  share(held: HeldTokens): HeldTokens | Promise<Tokens> {
    if (!this.#shared || !areTokens(held) || this.#sharedHandle(held)) return held
    // Not verified, as nothing is that a session holds; the record opens for this user only, and what is in it is verified.
    const { sub } = unverifiedPayload(held.idToken)
    return typeof sub === 'string' ? this.#shared.keep(held, sub) : held
  }

  /**
   * The tokens that a session holds, or that its handle leads to; `undefined` where what is kept under the handle cannot be
   * read. Throws SessionEndedError and UnavailableError.
   */
  find(held: HeldTokens): Tokens | Promise<Tokens | undefined> | undefined {
    const signIn = this.#sharedHandle(held)
    return this.#shared && signIn ? this.#shared.find(signIn) : areTokens(held) ? held : undefined
  }

  /** The newest tokens known of the sign-in that `tokens` belong to. */
  latest(tokens: Tokens): Tokens {
    return this.#known.latest(tokens)
  }

  /** Whether these are the tokens of the sign-in still, so that nobody need be asked. */
  isLatest(tokens: Tokens): boolean {
    const signIn = this.#sharedHandle(tokens)
    if (signIn && this.#shared?.fresh(signIn)?.tokens.idToken !== tokens.idToken) return false
    return !this.hasEnded(tokens) && this.latest(tokens).idToken === tokens.idToken
  }

  /**
   * Ends the sign-in: refreshes and credential handles that hold any of its tokens reject from now on. When the promise has
   * resolved, bearer tokens of the sign-in are refused too, with a shared store in every process. Rejects with
   * UnavailableError when the shared store cannot be told.
   */
  async end(held: HeldTokens): Promise<void> {
    await endSignIn(held, this.#sharedHandle(held), {
      known: this.#known,
      denylist: this.#denylist,
      verifier: this.#verifier,
      refreshTokens: this.#refreshTokens,
      shared: this.#shared,
    })
  }

  /** When its tokens were refreshed here last, by this machine's clock. */
  refreshedAt(tokens: Tokens): number | undefined {
    const signIn = this.#sharedHandle(tokens)
    const shared = signIn && this.#shared?.fresh(signIn)?.refreshedAt
    return shared ?? this.#known.get(tokens)?.refreshedAt
  }

  /** True after {@link end}. */
  hasEnded(held: HeldTokens): boolean {
    const signIn = this.#sharedHandle(held)
    return (
      (signIn && this.#shared?.hasEnded(signIn)) === true || (areTokens(held) && this.#known.haveEnded(held))
    )
  }

  /**
   * The sign-in's newest tokens, verified; refreshed first if they have expired. Throws like {@link refresh},
   * and InvalidTokenError.
   */
  async current(held: Tokens): Promise<VerifiedTokens> {
    if (this.hasEnded(held)) throw signedOut()
    const tokens = await this.find(held)
    if (!tokens) throw new UnavailableError('The record of the sign-in cannot be read.')
    const latest = this.latest(tokens)
    const signIn = this.#known.of(latest)
    let good: VerifiedTokens | undefined
    try {
      const { own } = signIn
      if (own && isSame(own.tokens, latest) && (await this.#verifyAgain(own))) good = own
      // A copy: what the app does to the tokens of one request must not reach the others.
      else good = signIn.own = await verifyTokens(this.#verifier, Object.freeze(copyOfTokens(latest)))
      if (!isDue(good, signIn)) return good
    } catch (error) {
      unlessStale(error)
    }
    const refreshed = await this.refresh(latest).catch(unlessStillGood(good))
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
    if (this.hasEnded(tokens)) throw signedOut()
    if (latest.idToken !== tokens.idToken) {
      const current = await verifyTokens(this.#verifier, latest).catch(unlessStale)
      if (current) return current
    }
    const signIn = this.#known.of(latest)
    if (signIn.failure && isBefore(signIn.failure)) throw signIn.failure.error
    signIn.refreshing ??= this.#known
      .whileBusy(signIn, () => this.#refresh(signIn, latest))
      .finally(() => (signIn.refreshing = undefined))
    return signIn.refreshing
  }

  /** Resolves when no refresh is under way. */
  idle(): Promise<void> {
    return this.#known.idle()
  }

  async #refresh(signIn: SignIn, tokens: Tokens): Promise<VerifiedTokens> {
    try {
      const verified = await this.#renewal.renew(signIn, tokens, this.#sharedHandle(tokens))
      const refreshed = verified.tokens
      signIn.next = refreshed
      signIn.replaced = tokens.idToken
      this.#known.of(refreshed).refreshedAt = Date.now()
      const isOwn = signIn.unverified?.idToken === refreshed.idToken
      signIn.unverified = undefined
      tellRefresh(this.#pool, isOwn ? 'refreshed' : 'adopted')
      return verified
    } catch (error) {
      const failure = refreshFailure(error)
      tellRefresh(this.#pool, failure instanceof SessionEndedError ? 'ended' : 'failed', failure)
      if (failure instanceof SessionEndedError) signIn.ended = true
      if (failure.status >= 500) signIn.failure = backOff(failure)
      throw failure
    }
  }

  #sharedHandle(held: HeldTokens): SignInHandle | undefined {
    if (!this.#shared) return undefined
    const signIn = handleOf(held)
    return signIn && this.#shared.owns(signIn) ? signIn : undefined
  }
}

function signedOut(): SessionEndedError {
  return new SessionEndedError('The user has signed out.')
}

/** Whether the wait is not over yet; a clock that was set back does not make it longer. */
function isBefore({ until, waitMs }: NonNullable<SignIn['failure']>): boolean {
  const rest = until - Date.now()
  return rest > 0 && rest <= waitMs
}

function isSame(a: Tokens, b: Tokens): boolean {
  return a.idToken === b.idToken && a.accessToken === b.accessToken && a.deviceKey === b.deviceKey
}
