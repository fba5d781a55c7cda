import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { mod, N, power, powerOfTwo } from './srp-group.ts'

const k = toNumber(sha256(toBytes(N), toBytes(2n)))
/** Enough against any attack on the discrete logarithm (RFC 5054 §3.1 asks for 256 bits). */
const SECRET_BYTES = 32
/** Who proves what: a user in a pool, or a device in its group; Cognito does both in the same way. */
export interface SrpIdentity {
  /** The pool id after the underscore, or the device group key. */
  group: string
  /** `USER_ID_FOR_SRP`, or the device key. */
  id: string
  password: string
}

/** What Cognito answers to `SRP_A`; `SALT` and `SRP_B` in hex, `SECRET_BLOCK` in base64. */
export interface SrpChallenge {
  salt: string
  srpB: string
  secretBlock: string
}

/** The client's ephemeral pair: `secret` stays, `SRP_A` travels. */
export interface SrpEphemeral {
  secret: bigint
  srpA: string
}

/** A fresh ephemeral pair. `secret` is for tests that repeat a known handshake. */
export function createEphemeral(secret: bigint = randomSecret()): SrpEphemeral {
  return { secret, srpA: powerOfTwo(secret).toString(16) }
}

/**
 * Proves knowledge of the password without sending it (SRP-6a as Cognito does it): the responses to
 * `PASSWORD_VERIFIER` and `DEVICE_PASSWORD_VERIFIER`. Throws a `RangeError` for values that no honest server sends,
 * before anything is derived from the password.
 */
export function answerSrp(
  { secret, srpA }: SrpEphemeral,
  { group, id, password }: SrpIdentity,
  { salt, srpB, secretBlock }: SrpChallenge,
  now: Date = new Date(),
): Record<'PASSWORD_CLAIM_SECRET_BLOCK' | 'PASSWORD_CLAIM_SIGNATURE' | 'TIMESTAMP', string> {
  const B = groupElement(srpB)
  const saltNumber = fromHex(salt, 'The salt')
  const u = toNumber(sha256(toBytes(BigInt(`0x${srpA}`)), toBytes(B)))
  if (u === 0n) throw new RangeError('The scrambling parameter is zero')
  const x = toNumber(sha256(toBytes(saltNumber), sha256(`${group}${id}:${password}`)))
  const base = mod(B - k * powerOfTwo(x))
  const shared = power(base, secret + u * x)
  const key = hkdfSync('sha256', toBytes(shared), toBytes(u), 'Caldera Derived Key', 16)
  const timestamp = srpTimestamp(now)
  const signature = createHmac('sha256', Buffer.from(key))
    .update(group + id)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64')
  return {
    PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
    PASSWORD_CLAIM_SIGNATURE: signature,
    TIMESTAMP: timestamp,
  }
}

/** What Cognito keeps of a device's password: `Salt` and `PasswordVerifier` of ConfirmDevice, in base64. */
export function createSrpVerifier(
  { group, id, password }: SrpIdentity,
  salt: Buffer = randomBytes(16),
): { salt: string; verifier: string } {
  const saltBytes = toBytes(toNumber(salt))
  const x = toNumber(sha256(saltBytes, sha256(`${group}${id}:${password}`)))
  return { salt: saltBytes.toString('base64'), verifier: toBytes(powerOfTwo(x)).toString('base64') }
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Tue May 7 00:09:40 UTC 2024`: English, UTC, and the day without a leading zero, which Cognito refuses. */
export function srpTimestamp(date: Date): string {
  const time = date.toISOString().slice(11, 19)
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${date.getUTCDate()} ${time} UTC ${date.getUTCFullYear()}`
}

/** Big-endian, with a zero byte in front when the top bit is set, and no other padding: as Java's BigInteger writes it. */
export function toBytes(number: bigint): Buffer {
  const hex = number.toString(16)
  const even = hex.length % 2 === 0 ? hex : `0${hex}`
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
}

function groupElement(hex: string): bigint {
  const element = fromHex(hex, 'The public value of the server')
  if (element >= N || element === 0n)
    throw new RangeError('The public value of the server is not in the group')
  return element
}

function fromHex(hex: string, what: string): bigint {
  if (!/^[0-9a-f]{1,768}$/i.test(hex)) throw new RangeError(`${what} is no number of the group`)
  return BigInt(`0x${hex}`)
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}

function sha256(...parts: (Buffer | string)[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function randomSecret(): bigint {
  const secret = toNumber(randomBytes(SECRET_BYTES))
  return secret === 0n ? randomSecret() : secret
}
