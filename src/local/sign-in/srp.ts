import { randomBytes } from '../lib/random.ts'
import { equalSecrets } from '../lib/secrets.ts'
import { numberOf } from '../srp/group.ts'
import {
  beginExchange,
  claimSignature,
  type SrpExchange,
  type SrpIdentity,
  type SrpVerifier,
} from '../srp/server.ts'
import { parseTimestamp } from '../srp/timestamp.ts'
import type { Attempt } from '../user-pool/auth-sessions.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { parameter } from './parameters.ts'
import { invalidParameter } from './refusal.ts'
import type { Parameters } from './request.ts'

/** How far a timestamp may be from now. */
const freshMs = 5 * 60_000

/** `SRP_A`: hexadecimal digits, fewer than N has or as many. */
export function clientNumber(parameters: Parameters): bigint {
  const digits = parameter(parameters, 'SRP_A')
  if (!/^[0-9a-f]{1,768}$/i.test(digits)) throw invalidParameter('Invalid SRP_A')
  return BigInt(`0x${digits}`)
}

/** The server's half of an exchange, remembered under its secret block; and what the client must be told. */
export function openExchange(
  pool: UserPool,
  attempt: Attempt,
  { identity, verifier, A }: { identity: SrpIdentity; verifier: SrpVerifier; A: bigint },
): { secretBlock: string; parameters: Record<string, string> } {
  const exchange = beginExchange(identity, verifier, A, numberOf(randomBytes(32)))
  if (!exchange) throw invalidParameter('Invalid SRP_A')
  const secretBlock = randomBytes(768).toString('base64')
  pool.srpSessions.set(secretBlock, { attempt, exchange }, attempt.client.authSessionValiditySeconds)
  const parameters = {
    // Leading zeros are lost on this wire.
    SALT: verifier.salt.toString(16),
    SECRET_BLOCK: secretBlock,
    SRP_B: exchange.B.toString(16),
  }
  return { secretBlock, parameters }
}

/** Whether the answer proves the password that the exchange is about, and is fresh. */
export function isProof(
  pool: UserPool,
  exchange: SrpExchange,
  responses: { secretBlock: string; signature: string; timestamp: string },
): boolean {
  const { secretBlock, signature, timestamp } = responses
  const at = parseTimestamp(timestamp)
  // Clients read the clock of the machine, which a test may have moved on this server.
  const fresh =
    at !== undefined && [pool.clock.now(), Date.now()].some((now) => Math.abs(now - at) <= freshMs)
  return equalSecrets(signature, claimSignature(exchange, secretBlock, timestamp)) && fresh
}

/** The three entries of an answer to a password verifier. */
export function proofFrom(responses: Parameters): {
  secretBlock: string
  signature: string
  timestamp: string
} {
  return {
    secretBlock: parameter(responses, 'PASSWORD_CLAIM_SECRET_BLOCK'),
    signature: parameter(responses, 'PASSWORD_CLAIM_SIGNATURE'),
    timestamp: parameter(responses, 'TIMESTAMP'),
  }
}
