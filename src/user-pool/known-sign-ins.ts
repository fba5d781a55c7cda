import { LRUCache } from 'lru-cache'
import { unverifiedPayload } from '../lib/unverified.ts'
import type { Tokens } from './tokens.ts'
import type { VerifiedTokens } from './user.ts'

/** What this process knows of one refresh token. */
export interface SignIn {
  /** The refresh token, or the ID token of a sign-in without one: it cannot outlive that. */
  readonly token: string
  /** The tokens that its refresh brought: requests that still hold the old ones find them here. */
  next?: Tokens
  /** The ID token in whose place `next` came. */
  replaced?: string
  refreshing?: Promise<VerifiedTokens> | undefined
  /** Tokens that a refresh brought and that could not be verified yet: with rotation the old ones are worth nothing any more. */
  unverified?: Tokens | undefined
  /** The same answer until then, `waitMs` after it was given first. */
  failure?: { error: Error; until: number; waitMs: number }
  /** When tokens that were still good were to be refreshed last. */
  triedAt?: number
  /** When its tokens were refreshed here last. */
  refreshedAt?: number
  ended?: true
  /** Its tokens as they were verified here last. */
  own?: VerifiedTokens
}

/**
 * Sign-ins remembered per pool. Each takes what its tokens take, some four times over: about 7 kB with tokens of 1.2 kB, so
 * at most some 70 MB; 46 kB with tokens of 11 kB, as many groups make them. Who falls out is refreshed from their
 * session's tokens.
 */
const MAX_SIGN_INS = 10_000
/**
 * How much of a token's end finds its entry; all of it must be the same. A hash would have to read 2 kB at every
 * request.
 */
const KEY_LENGTH = 43

/** The sign-ins of a pool that this process has seen, by their refresh tokens: a bounded memory. */
export class KnownSignIns {
  readonly #signIns: LRUCache<string, SignIn>
  /** Those that must not be forgotten now, however many others come. */
  readonly #busy = new Map<string, SignIn>()
  readonly #work = new Set<Promise<unknown>>()

  /** `max` sign-ins; the one that was not seen for the longest time falls out. */
  constructor(max = MAX_SIGN_INS) {
    this.#signIns = new LRUCache({ max })
  }

  get(tokens: Tokens): SignIn | undefined {
    const token = tokenOf(tokens)
    const known = this.#signIns.get(token.slice(-KEY_LENGTH))
    if (known?.token === token) return known
    return this.#busy.size === 0 ? undefined : this.#busy.get(token)
  }

  /** Like {@link get}, and remembers the sign-in from now on. */
  of(tokens: Tokens): SignIn {
    const known = this.get(tokens)
    if (known) return known
    const signIn: SignIn = { token: tokenOf(tokens) }
    this.#remember(signIn)
    return signIn
  }

  /** Runs work on a sign-in that must be known to everyone until the work is done. */
  async whileBusy<T>(signIn: SignIn, work: () => Promise<T>): Promise<T> {
    this.#busy.set(signIn.token, signIn)
    const working = work()
    this.#work.add(working)
    try {
      return await working
    } finally {
      this.#work.delete(working)
      this.#busy.delete(signIn.token)
      this.#remember(signIn)
    }
  }

  /** Resolves when all work that is under way has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#work)
  }

  /** From the given tokens to the newest: one step for each rotated refresh token. */
  chain(tokens: Tokens): Tokens[] {
    const chain = [tokens]
    const seen = new Set<SignIn>()
    for (let signIn = this.get(tokens); signIn?.next && !seen.has(signIn);) {
      seen.add(signIn)
      chain.push(signIn.next)
      signIn = this.get(signIn.next)
    }
    return chain
  }

  /** The newest tokens known of the sign-in that `tokens` belong to. */
  latest(tokens: Tokens): Tokens {
    const known = this.get(tokens)
    if (!known?.next) return tokens
    const newest = this.chain(tokens).at(-1) as Tokens
    // Without rotation another process may have refreshed after this one, or in the same second: then the session has
    // tokens that this process did not replace. Two processes that each preferred their own would write it in turns.
    const sameFamily = newest.refreshToken === tokens.refreshToken && newest.idToken !== tokens.idToken
    const isNew = sameFamily && known.replaced !== tokens.idToken
    return isNew && issuedAt(tokens) >= issuedAt(newest) ? tokens : newest
  }

  /** Whether the sign-in that `tokens` belong to has ended. */
  haveEnded(tokens: Tokens): boolean {
    const known = this.get(tokens)
    if (!known?.next) return known?.ended === true
    return this.chain(tokens).some((one) => this.get(one)?.ended === true)
  }

  #remember(signIn: SignIn): void {
    this.#signIns.set(signIn.token.slice(-KEY_LENGTH), signIn)
  }
}

function issuedAt({ idToken }: Tokens): number {
  return Number(unverifiedPayload(idToken)['iat'] ?? 0)
}

function tokenOf({ refreshToken, idToken }: Tokens): string {
  return refreshToken ?? idToken
}
