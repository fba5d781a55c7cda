import { SessionEndedError, UnavailableError } from '../../errors.ts'
import { SingleFlight } from '../../lib/single-flight.ts'
import { UNCHECKED_LIMIT_MS } from '../../shared-store/freshness.ts'
import type { LimitedStore } from '../../shared-store/limited-store.ts'
import type { Retries } from '../../shared-store/retries.ts'
import type { UserPoolConfiguration } from '../options.ts'
import { type Renewed, SharedRefresh, type Spend } from './shared-refresh.ts'
import { type Copy, SignInCopies } from './sign-in-copies.ts'
import { copyOfTokens, type HeldTokens, type SignInHandle } from '../sign-in-handle.ts'
import { SignInIndex } from './sign-in-index.ts'
import { SignInRecords } from './sign-in-records.ts'
import { signInId, type Tokens } from '../tokens.ts'
import { UnsavedRecords } from './unsaved-records.ts'

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
  readonly #retries: Retries
  readonly #revoke: (tokens: Tokens) => Promise<void>
  readonly #looks = new SingleFlight<Tokens | undefined>()

  constructor(
    pool: UserPoolConfiguration,
    store: LimitedStore,
    { retries, revoke }: { retries: Retries; revoke: (tokens: Tokens) => Promise<void> },
  ) {
    this.#pool = pool
    this.#retries = retries
    this.#revoke = revoke
    const [records, copies] = [new SignInRecords(pool, store), this.#copies]
    this.#records = records
    this.#index = new SignInIndex(pool, store)
    this.#unsaved = new UnsavedRecords({ records, copies, retries, revoke })
    this.#refresh = new SharedRefresh({ records, copies, unsaved: this.#unsaved, revoke })
  }

  /** Whether a handle is one of this pool and app client. */
  owns({ userPoolId, clientId }: SignInHandle): boolean {
    return userPoolId === this.#pool.userPoolId && clientId === this.#pool.clientId
  }

  /**
   * Keeps the tokens of a user's sign-in, and gives them with their handle. A sign-in that is kept already stays as it is. Rejects with
   * UnavailableError.
   */
  async keep(tokens: Tokens, sub: string): Promise<Tokens> {
    const { userPoolId, clientId } = this.#pool
    if (tokens.signIn && this.owns(tokens.signIn) && tokens.signIn.sub === sub) return copyOfTokens(tokens)
    const signIn = { id: signInId(tokens), userPoolId, clientId, sub }
    const kept = copyOfTokens({ ...tokens, signIn })
    if (this.#copies.get(signIn) || this.hasEnded(signIn)) return kept
    // First the list: a sign-in that is not on it could not be ended from elsewhere.
    await this.#endAll(await this.#index.add(signIn, (one) => this.#exists(one)))
    const record = { tokens: kept, version: 0 }
    const raw = await this.#records.create(signIn, record)
    if (raw !== undefined) this.#copies.keep(signIn, { ...record, raw })
    return kept
  }

  /** The other sign-ins of the same user that are kept, with their tokens where those can be read. */
  async others(signIn: SignInHandle): Promise<HeldTokens[]> {
    const ids = (await this.#index.list(signIn.sub)).filter((id) => id !== signIn.id)
    const found = ids.map(async (id) => {
      const other = { ...signIn, id }
      const record = await this.#records.find(other)
      return record && 'version' in record ? record.tokens : undefined
    })
    return (await Promise.all(found)).filter((one) => one !== undefined)
  }

  /**
   * The newest tokens of a sign-in, at once where this process has just seen them; `undefined` where there is no record of ours in its
   * place. Throws SessionEndedError and UnavailableError.
   */
  find(signIn: SignInHandle): Tokens | Promise<Tokens | undefined> {
    if (this.hasEnded(signIn)) throw signedOut()
    const fresh = this.#copies.fresh(signIn)
    if (fresh) return fresh.tokens
    return this.#looks.run(`${signIn.id} ${signIn.sub}`, () => this.#look(signIn))
  }

  /** What is known of a sign-in, if nobody need look whether it has changed or ended. */
  fresh(signIn: SignInHandle): Copy | undefined {
    return this.hasEnded(signIn) ? undefined : this.#copies.fresh(signIn)
  }

  hasEnded(signIn: SignInHandle): boolean {
    return this.#copies.hasEnded(signIn)
  }

  /** Ends a sign-in for every process. Rejects with UnavailableError when the store cannot be told yet; it will be. */
  async end(signIn: SignInHandle): Promise<void> {
    const unverified = this.#copies.get(signIn)?.unverified
    this.#copies.ended(signIn.id)
    if (unverified) void this.#revoke(unverified).catch(() => undefined)
    const end = () => this.#records.end(signIn)
    await end().catch((error: unknown) => {
      this.#retries.add(`end ${signIn.id}`, end)
      throw error
    })
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

  async #look(signIn: SignInHandle): Promise<Tokens | undefined> {
    const copy = this.#copies.get(signIn)
    if (copy && this.#unsaved.has(signIn)) return copy.tokens
    const checkedAt = performance.now()
    try {
      const found = this.#unsaved.newest(signIn, await this.#records.find(signIn))
      // This process may have replaced it while the answer was on its way.
      const now = this.#copies.get(signIn)
      if (now && now.raw !== copy?.raw) return now.tokens
      if (!found || 'ended' in found) this.#copies.ended(signIn.id)
      if (!found || 'ended' in found || this.hasEnded(signIn)) throw signedOut()
      if (!('version' in found)) return undefined
      return found === copy ? copy.tokens : this.#copies.keep(signIn, found, checkedAt).tokens
    } catch (error) {
      const known = copy && checkedAt - copy.checkedAt < UNCHECKED_LIMIT_MS
      if (!(error instanceof UnavailableError) || !known) throw error
      return copy.tokens
    }
  }

  async #exists(signIn: SignInHandle): Promise<boolean> {
    const found = await this.#records.find(signIn)
    return found !== undefined && !('ended' in found)
  }

  async #endAll(signIns: readonly SignInHandle[]): Promise<void> {
    for (const signIn of signIns) {
      const found = await this.#records.find(signIn)
      if (found && 'version' in found) void this.#revoke(found.tokens).catch(() => undefined)
      await this.#records.end(signIn)
    }
  }
}

function signedOut(): SessionEndedError {
  return new SessionEndedError('The user has signed out.')
}
