import { decodeCbor, type CborMap } from './cbor.ts'

/** What an authenticator signs about itself (WebAuthn, "Authenticator Data"). */
export interface AuthenticatorData {
  rpIdHash: Buffer
  /** The user touched it, or looked at it. */
  userPresent: boolean
  /** The user proved to it who they are: a PIN, a finger, a face. */
  userVerified: boolean
  /** How often it has signed; 0 where it does not count. */
  signCount: number
  /** Only at registration. */
  credential: { id: Buffer; publicKey: CborMap } | undefined
}

const headerLength = 37
const aaguidLength = 16
const flagBits = { userPresent: 0x01, userVerified: 0x04, attestedCredential: 0x40, extensions: 0x80 }

/** Throws for what no authenticator writes. */
export function authenticatorDataOf(bytes: Buffer): AuthenticatorData {
  if (bytes.length < headerLength) throw new RangeError('authenticator data is too short')
  const flags = bytes.readUInt8(32)
  const has = (bit: number) => (flags & bit) !== 0
  const attested = has(flagBits.attestedCredential) ? attestedCredential(bytes) : undefined
  const end = attested?.end ?? headerLength
  const extensions = has(flagBits.extensions) ? decodeCbor(bytes.subarray(end)).length : 0
  if (end + extensions !== bytes.length) throw new RangeError('authenticator data is too long')
  return {
    rpIdHash: bytes.subarray(0, 32),
    userPresent: has(flagBits.userPresent),
    userVerified: has(flagBits.userVerified),
    signCount: bytes.readUInt32BE(33),
    credential: attested?.credential,
  }
}

function attestedCredential(bytes: Buffer) {
  const lengthAt = headerLength + aaguidLength
  const idAt = lengthAt + 2
  const keyAt = idAt + bytes.readUInt16BE(lengthAt)
  if (keyAt > bytes.length) throw new RangeError('authenticator data is too short')
  const { value, length } = decodeCbor(bytes.subarray(keyAt))
  if (!(value instanceof Map)) throw new TypeError('a public key must be a map')
  return { credential: { id: bytes.subarray(idAt, keyAt), publicKey: value }, end: keyAt + length }
}
