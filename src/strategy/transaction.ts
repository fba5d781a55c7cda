import { randomBytes } from 'node:crypto'
import { type Session, sessionCall, SIGNED_IN_AT_KEY, SIGNED_IN_KEY, storeError } from '../lib/session.ts'

/**
 * What must survive the trip to the login page. It stays in the server-side session; only `state` and `nonce`
 * travel.
 */
export interface Transaction {
  state: string
  nonce: string
  codeVerifier: string
  returnTo?: string
  /** Issuer and app client that it was started for: another strategy on the same session cannot finish it. */
  audience: string
  /** Milliseconds since the epoch. */
  startedAt: number
  /** Set when it is taken; the secrets are then gone. */
  used?: true
}

/** Cognito gives a person five minutes for each prompt of the login page. */
const MAX_AGE_MS = 10 * 60_000
/**
 * Tabs of one browser that may be at the login page at once; the oldest falls out. Some 700 bytes each, and
 * never over 2 kB.
 */
const MAX_TRANSACTIONS = 10

/** The strategy's own corner of the session. */
export const SESSION_KEY = 'cognitoSignIn'

/**
 * A new transaction with 256 random bits for each secret, written into the session (which the caller saves).
 */
export function begin(session: Session, audience: string, returnTo: string | undefined): Transaction {
  const secret = () => randomBytes(32).toString('base64url')
  const transaction: Transaction = {
    state: secret(),
    nonce: secret(),
    codeVerifier: secret(),
    ...(returnTo !== undefined && { returnTo }),
    audience,
    startedAt: Date.now(),
  }
  session[SESSION_KEY] = [...current(session), transaction].slice(-MAX_TRANSACTIONS)
  return transaction
}

/** A transaction, or why there is none; of a used or expired one both. */
export type Taken =
  | { transaction: Transaction; fault?: 'transaction_expired' | 'transaction_used' }
  | { transaction?: undefined; fault: 'transaction_missing' | 'state_mismatch' }

/**
 * Takes the transaction of a `state` out of the session: consumed first, judged afterwards. The caller saves
 * the session before going on.
 */
export function take(session: Session, audience: string, state: string): Taken {
  const transactions = read(session)
  if (transactions.length === 0) return { fault: 'transaction_missing' }
  const transaction = transactions.find((one) => one.state === state && one.audience === audience)
  if (!transaction) return { fault: 'state_mismatch' }
  if (transaction.used) return { transaction, fault: 'transaction_used' }
  const fresh = isFresh(transaction)
  session[SESSION_KEY] = transactions.flatMap((one) =>
    one !== transaction ? [one] : fresh ? [consumed(one)] : [],
  )
  return fresh ? { transaction } : { transaction, fault: 'transaction_expired' }
}

/**
 * Gives up every sign-in that this browser has pending. An ID token with the nonce of another of them shows that
 * somebody mixes them, and then none can be told from another.
 */
export async function forgetPending(session: Session): Promise<void> {
  session[SESSION_KEY] = read(session).filter((one) => one.used)
  await sessionCall(session, 'save')
}

/**
 * Passport empties the session when it signs somebody in (against fixation). The transactions of other tabs
 * must outlive that, and nothing else may: the session's next `regenerate` carries them over. On the way a
 * store that fails becomes an UnavailableError.
 */
export function carryOver(req: { session: Session; sessionID: string }): void {
  const kept = current(req.session)
  const at = Date.now()
  const write = () =>
    Object.assign(req.session, {
      [SESSION_KEY]: kept,
      [SIGNED_IN_KEY]: req.sessionID,
      [SIGNED_IN_AT_KEY]: { of: req.sessionID, at },
    })
  // Between the two, `keepSessionInfo` copies the notes of the former session over the new ones.
  extend(req.session, 'regenerate', { afterwards: () => extend(req.session, 'save', { first: write }) })
}

interface Steps {
  first?: () => void
  afterwards?: () => void
}

function extend(session: Session, method: 'regenerate' | 'save', { first, afterwards }: Steps): void {
  const call = session[method].bind(session)
  const value = (done?: (error?: unknown) => void) => {
    first?.()
    return call((error) => {
      if (!error) afterwards?.()
      done?.(error ? storeError(error) : undefined)
    })
  }
  Object.defineProperty(session, method, { value, configurable: true, enumerable: false, writable: true })
}

function isFresh({ startedAt }: Transaction): boolean {
  return Date.now() - startedAt <= MAX_AGE_MS
}

function consumed({ state, nonce: _, codeVerifier: __, ...rest }: Transaction): Transaction {
  return { ...rest, state, nonce: '', codeVerifier: '', used: true }
}

/**
 * Used ones stay without their secrets, so that a reload much later still finds its page; the limit on their
 * number bounds them.
 */
function current(session: Session): Transaction[] {
  return read(session).filter((one) => one.used || isFresh(one))
}

/** What a session store gives back is checked: it may be older than this version, or tampered with. */
function read(session: Session): Transaction[] {
  const value = session[SESSION_KEY]
  return Array.isArray(value) ? value.filter(isTransaction) : []
}

function isTransaction(value: unknown): value is Transaction {
  if (typeof value !== 'object' || value === null) return false
  const { state, nonce, codeVerifier, audience, startedAt, returnTo } = value as Record<string, unknown>
  const texts = [state, nonce, codeVerifier, audience].every((text) => typeof text === 'string')
  return texts && typeof startedAt === 'number' && (returnTo === undefined || typeof returnTo === 'string')
}
