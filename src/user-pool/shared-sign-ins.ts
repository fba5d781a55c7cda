import { SessionEndedError, UnavailableError } from '../errors.ts'
import type { LimitedStore } from '../shared-store/limited-store.ts'
import type { UserPoolConfiguration } from './options.ts'
import { type Renewed, SharedRefresh, type Spend } from './shared-refresh.ts'
import { SignInCopies } from './sign-in-copies.ts'
import { copyOfTokens, type HeldTokens, type SignInHandle } from './sign-in-handle.ts'
import { SignInIndex } from './sign-in-index.ts'
import { SignInRecords } from './sign-in-records.ts'
import { signInId, type Tokens } from './tokens.ts'
import { UnsavedRecords } from './unsaved-records.ts'
import type { VerifiedTokens } from './user.ts'

/** While the store is away, sign-ins that this process knows go on for this long, as long as their tokens have not expired. */
const UNCHECKED_LIMIT_MS = 5 * 60_000

/**
 * The sign-ins of a pool that all processes share: their tokens, whoever refreshed them last, and their end. What this process has
 * seen of them it gives again without asking, until it hears of a change, and for a minute at most.
 */
export class SharedSignIns {
  readonly #pool: UserPoolConfiguration
  readonly #records: SignInRecords
  readonly #index: SignInIndex
  readonly #copies = new SignInCopies()
  readonly #unsaved: UnsavedRecords
  readonly #refresh: SharedRefresh
  readonly #looking = new Map<string, Promise<Tokens | undefined>>()

  constructor(pool: UserPoolConfiguration, store: LimitedStore, revoke: (tokens: Tokens) => Promise<void>) {
    this.#pool = pool
    const records = new SignInRecords(pool, store)
    this.#records = records
    this.#index = new SignInIndex(pool, store)
    this.#unsaved = new UnsavedRecords(records, this.#copies)
    this.#refresh = new SharedRefresh({ records, copies: this.#copies, unsaved: this.#unsaved, revoke })
  }

  /** Whether a handle is one of this pool and app client. */
  owns({ userPoolId, clientId }: SignInHandle): boolean {
    return userPoolId === this.#pool.userPoolId && clientId === this.#pool.clientId
  }

  /** Keeps the tokens of a sign-in, and gives them with their handle. A sign-in that is kept already stays as it is. */
  async keep({ tokens, idClaims: { sub } }: VerifiedTokens): Promise<Tokens> {
    const { userPoolId, clientId } = this.#pool
    const signIn = { id: signInId(tokens), userPoolId, clientId, sub }
    const kept = copyOfTokens({ ...tokens, signIn })
    const raw = await this.#records.create(signIn, { tokens: kept })
    if (raw === undefined) return kept
    await this.#index.add(signIn)
    this.#copies.keep(signIn, { tokens: kept, raw })
    return kept
  }

  /** The other sign-ins of the same user that are kept, with their tokens where those can be read. */
  async others(signIn: SignInHandle): Promise<HeldTokens[]> {
    const ids = (await this.#index.list(signIn.sub)).filter((id) => id !== signIn.id)
    const found = ids.map(async (id) => {
      const other = { ...signIn, id }
      const record = await this.#records.find(other)
      return record === 'unreadable' ? { signIn: other } : record?.tokens
    })
    return (await Promise.all(found)).filter((one) => one !== undefined)
  }

  /**
   * The newest tokens of a sign-in, at once where this process has just seen them; `undefined` where what is kept cannot be read.
   * Throws SessionEndedError and UnavailableError.
   */
  find(signIn: SignInHandle): Tokens | Promise<Tokens | undefined> {
    if (this.hasEnded(signIn)) throw signedOut()
    const fresh = this.#copies.fresh(signIn)
    if (fresh) return fresh.tokens
    const name = `${signIn.id} ${signIn.sub}`
    const looking = this.#looking.get(name) ?? this.#look(signIn).finally(() => this.#looking.delete(name))
    this.#looking.set(name, looking)
    return looking
  }

  /** Whether nobody need look whether the sign-in has changed or ended. */
  isFresh(signIn: SignInHandle): boolean {
    return this.#copies.fresh(signIn) !== undefined
  }

  hasEnded(signIn: SignInHandle): boolean {
    return this.#copies.hasEnded(signIn)
  }

  /** Ends a sign-in for every process. Rejects with UnavailableError when the store does not say that it did. */
  async end(signIn: SignInHandle): Promise<void> {
    this.#copies.ended(signIn.id)
    await this.#records.delete(signIn).finally(() => this.#records.say('ended', signIn))
    // Only a list of names, which are looked up before anybody relies on them.
    await this.#index.remove(signIn).catch(() => undefined)
  }

  /** What another process said. */
  heard(type: string, id: string): void {
    if (type === 'ended') this.#copies.ended(id)
    if (type === 'changed') this.#copies.changed(id)
  }

  /** Tokens newer than these. See {@link SharedRefresh}. */
  refresh(tokens: Tokens, signIn: SignInHandle, spend: Spend): Promise<Renewed> {
    return this.#refresh.run(tokens, signIn, spend)
  }

  /** Writes what could not be written, once more. Rejects when it still cannot. */
  close(): Promise<void> {
    return this.#unsaved.save()
  }

  async #look(signIn: SignInHandle): Promise<Tokens | undefined> {
    const copy = this.#copies.get(signIn)
    if (copy?.unsaved) return copy.tokens
    const checkedAt = performance.now()
    try {
      const found = await this.#records.find(signIn)
      if (!found) this.#copies.ended(signIn.id)
      if (!found || this.hasEnded(signIn)) throw signedOut()
      // This process may have replaced it while the answer was on its way.
      const now = this.#copies.get(signIn)
      if (now && now.raw !== copy?.raw) return now.tokens
      return found === 'unreadable' ? undefined : this.#copies.keep(signIn, found, { checkedAt }).tokens
    } catch (error) {
      const known = copy && checkedAt - copy.checkedAt < UNCHECKED_LIMIT_MS
      if (!(error instanceof UnavailableError) || !known) throw error
      return copy.tokens
    }
  }
}

function signedOut(): SessionEndedError {
  return new SessionEndedError('The user has signed out.')
}
