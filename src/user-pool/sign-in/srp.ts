import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** The 3072-bit group of RFC 5054 appendix A (RFC 3526 §4), generator 2. */
const N = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
    'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
    'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f' +
    '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
    'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510' +
    '15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7' +
    'abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c' +
    'bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
)
const k = toNumber(sha256(toBytes(N), toBytes(2n)))
/** Enough against any attack on the discrete logarithm (RFC 5054 §3.1 asks for 256 bits). */
const SECRET_BYTES = 32
/** A multiplication for so many bits of an exponent, instead of one for each that is set. */
const WINDOW_BITS = 5

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

function mod(number: bigint): bigint {
  const rest = number % N
  return rest < 0n ? rest + N : rest
}

/** 2^exponent: squarings and shifts, since multiplying by two costs nothing. */
function powerOfTwo(exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % N
    if (bit === '1') result <<= 1n
  }
  return result % N
}

/** base^exponent by a fixed window from the top. */
function power(base: bigint, exponent: bigint): bigint {
  const powers = [1n]
  for (let index = 1; index < 2 ** WINDOW_BITS; index += 1)
    powers.push(((powers[index - 1] as bigint) * base) % N)
  const binary = exponent.toString(2)
  const digits = binary.padStart(Math.ceil(binary.length / WINDOW_BITS) * WINDOW_BITS, '0')
  let result = 1n
  for (let at = 0; at < digits.length; at += WINDOW_BITS) {
    for (let bit = 0; bit < WINDOW_BITS; bit += 1) result = (result * result) % N
    result = (result * (powers[Number.parseInt(digits.slice(at, at + WINDOW_BITS), 2)] as bigint)) % N
  }
  return result
}
