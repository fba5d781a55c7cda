import { randomBytes } from 'node:crypto'
import { type Session, SIGNED_IN_KEY } from '../lib/session.ts'

/** What must survive the trip to the login page. It stays in the server-side session; only `state` and `nonce` travel. */
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

/** Why a callback finds no transaction. */
export type TransactionFault =
  'transaction_missing' | 'transaction_expired' | 'transaction_used' | 'state_mismatch'

/** Cognito gives a person five minutes for each prompt of the login page. */
const MAX_AGE_MS = 10 * 60_000
/** Tabs of one browser that may be at the login page at once; the oldest falls out. Some 400 bytes each. */
const MAX_TRANSACTIONS = 10

/** The strategy's own corner of the session. */
export const SESSION_KEY = 'cognitoSignIn'

/** A new transaction with 256 random bits for each secret, written into the session (which the caller saves). */
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

/** Takes the transaction of a `state` out of the session: consumed first, judged afterwards. The caller saves the session before going on. */
export function take(session: Session, audience: string, state: string): Transaction | TransactionFault {
  const transactions = read(session)
  if (transactions.length === 0) return 'transaction_missing'
  const found = transactions.find((one) => one.state === state && one.audience === audience)
  if (!found) return 'state_mismatch'
  session[SESSION_KEY] = transactions.map((one) => (one === found ? consumed(one) : one))
  if (found.used) return 'transaction_used'
  return Date.now() - found.startedAt > MAX_AGE_MS ? 'transaction_expired' : found
}

/** Where a used transaction led, for a reload of its callback. */
export function usedReturnTo(session: Session, state: string): string | undefined {
  return read(session).find((one) => one.state === state && one.used)?.returnTo
}

/**
 * Passport empties the session when it signs somebody in (against fixation). The transactions of other tabs must outlive that, and nothing else may:
 * the session's next `regenerate` carries them over.
 */
export function carryOver(req: { session: Session }): void {
  const { session } = req
  const kept = current(session)
  const regenerate = session.regenerate.bind(session)
  Object.defineProperty(session, 'regenerate', {
    configurable: true,
    enumerable: false,
    value: (done: (error?: unknown) => void) =>
      regenerate((error) => {
        if (!error) Object.assign(req.session, { [SESSION_KEY]: kept, [SIGNED_IN_KEY]: true })
        done(error)
      }),
  })
}

function consumed({ state, nonce: _, codeVerifier: __, ...rest }: Transaction): Transaction {
  return { ...rest, state, nonce: '', codeVerifier: '', used: true }
}

/** Used ones stay without their secrets, so that a reload much later still finds its page; the limit on their number bounds them. */
function current(session: Session): Transaction[] {
  return read(session).filter(({ startedAt, used }) => used || Date.now() - startedAt <= MAX_AGE_MS)
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
