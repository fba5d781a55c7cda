import { randomBytes } from '../lib/random.ts'
import type { Clock } from '../lib/clock.ts'
import type { Policy } from './iam/policy-document.ts'
import type { RequestContext } from './iam/request-context.ts'

/** Oldest first out beyond this, so that a long load test cannot fill the memory. */
const keepAtMost = 20_000

/** Somebody who may sign requests to the local AWS. */
export interface Caller {
  accessKeyId: string
  secretAccessKey: string
  /** Of temporary credentials only. */
  sessionToken: string | undefined
  /** Epoch seconds; infinite for an access key that does not expire. */
  expiresAtSeconds: number
  /** As `GetCallerIdentity` says it. */
  arn: string
  userId: string
  account: string
  /** Each set must allow what the caller asks for. */
  permissions: readonly { kind: 'identity-based' | 'session'; policies: readonly Policy[] }[]
  /** What is true of every request of this caller. */
  context: RequestContext
}

/** What signature checks need: who holds an access key. Expired credentials are still found. */
export interface CallersLookup {
  find(accessKeyId: string): Caller | undefined
}

export interface Callers extends CallersLookup {
  /** Makes temporary credentials for somebody. */
  issue(
    who: Pick<Caller, 'arn' | 'userId' | 'account' | 'permissions' | 'context'>,
    lifetimeSeconds: number,
  ): Caller & { sessionToken: string }
}

/** The callers with keys of their own, and those that temporary credentials are issued to; in memory, in bounded number. */
export function createCallers(clock: Clock, permanent: readonly Caller[]): Callers {
  const issued = new Map<string, Caller>()
  return {
    find: (accessKeyId) =>
      permanent.find((caller) => caller.accessKeyId === accessKeyId) ?? issued.get(accessKeyId),
    issue: (who, lifetimeSeconds) => {
      const caller = { ...who, ...createKeys(), expiresAtSeconds: clock.nowSeconds() + lifetimeSeconds }
      issued.set(caller.accessKeyId, caller)
      const [oldest] = issued.keys()
      if (issued.size > keepAtMost && oldest !== undefined) issued.delete(oldest)
      return caller
    },
  }
}

/** AWS's access keys are base32 and so never hold a 0: these are visibly, and verifiably, nobody's. */
function createKeys() {
  return {
    accessKeyId: `ASIA0LOCAL0${base32(randomBytes(9))}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: `LocalCognitoSessionToken${randomBytes(192).toString('base64')}`,
  }
}

/** Letters and digits as AWS's ids have them. */
export function base32(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return Array.from(bytes, (byte) => alphabet.charAt(byte % 32)).join('')
}
