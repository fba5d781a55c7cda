import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

/** What a page asks its browser for, as the JSON forms of WebAuthn have it. */
interface CreationOptions {
  challenge: string
  rp: { id: string }
  user: { id: string }
  authenticatorSelection: { userVerification: string }
}
interface RequestOptions {
  challenge: string
  rpId: string
  allowCredentials: { id: string }[]
}

/** How this authenticator, or the browser before it, differs from an honest one. */
export interface Tampering {
  origin?: string
  crossOrigin?: boolean
  type?: string
  challenge?: string
  rpId?: string
  userPresent?: boolean
  userVerified?: boolean
  signCount?: number
  userHandle?: string
  fmt?: string
  attStmt?: Map<string, unknown>
  algorithm?: number
  /** Another authenticator's key signs. */
  key?: KeyObject
  id?: string
}

/** A browser at `origin` with an authenticator that holds one passkey, of its own CBOR and its own signatures. */
export class SoftwareAuthenticator {
  readonly id = randomBytes(16).toString('base64url')
  readonly privateKey: KeyObject
  readonly #publicKey: KeyObject
  readonly #algorithm: 'ES256' | 'RS256'
  readonly #origin: string
  #userHandle = ''
  /** Passkeys that are synchronised do not count. */
  signCount = 0
  counts = true

  constructor(origin: string, algorithm: 'ES256' | 'RS256' = 'ES256', modulusLength = 2048) {
    this.#origin = origin
    this.#algorithm = algorithm
    const { privateKey, publicKey } =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength })
    this.privateKey = privateKey
    this.#publicKey = publicKey
  }

  /** `navigator.credentials.create()`, as `RegistrationResponseJSON`. */
  create(given: unknown, tampering: Tampering = {}): Record<string, unknown> {
    const options = given as CreationOptions
    this.#userHandle = options.user.id
    const attested = Buffer.concat([
      Buffer.alloc(16),
      uint16(Buffer.from(this.id, 'base64url').length),
      Buffer.from(tampering.id ?? this.id, 'base64url'),
      cbor(this.#coseKey(tampering.algorithm)),
    ])
    const authData = this.#authenticatorData(options.rp.id, tampering, attested)
    const { fmt = 'none', attStmt = new Map() } = tampering
    const attestationObject = cbor(
      new Map<string, unknown>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    )
    return this.#credential({
      clientDataJSON: this.#clientData('webauthn.create', options.challenge, tampering).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** `navigator.credentials.get()`, as `AuthenticationResponseJSON`. */
  get(given: unknown, tampering: Tampering = {}): Record<string, unknown> {
    const options = given as RequestOptions
    if (this.counts) this.signCount += 1
    const clientData = this.#clientData('webauthn.get', options.challenge, tampering)
    const authData = this.#authenticatorData(options.rpId, tampering)
    const signer = createSign('sha256').update(authData).update(sha256(clientData))
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signer.sign(tampering.key ?? this.privateKey).toString('base64url'),
      userHandle: tampering.userHandle ?? this.#userHandle,
    })
  }

  #credential(response: object): Record<string, unknown> {
    const { id } = this
    return {
      id,
      rawId: id,
      type: 'public-key',
      response,
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
    }
  }

  #clientData(type: string, challenge: string, tampering: Tampering): Buffer {
    const { origin = this.#origin, crossOrigin = false } = tampering
    const data = {
      type: tampering.type ?? type,
      challenge: tampering.challenge ?? challenge,
      origin,
      crossOrigin,
    }
    return Buffer.from(JSON.stringify(data))
  }

  #authenticatorData(rpId: string, tampering: Tampering, attested = Buffer.alloc(0)): Buffer {
    const { userPresent = true, userVerified = true, signCount = this.signCount } = tampering
    const flags = (userPresent ? 0x01 : 0) | (userVerified ? 0x04 : 0) | (attested.length > 0 ? 0x40 : 0)
    return Buffer.concat([
      sha256(Buffer.from(tampering.rpId ?? rpId)),
      Buffer.of(flags),
      uint32(signCount),
      attested,
    ])
  }

  #coseKey(algorithm: number | undefined): Map<number, unknown> {
    const { x = '', y = '', n = '', e = '' } = this.#publicKey.export({ format: 'jwk' })
    const bytes = (text: string) => Buffer.from(text, 'base64url')
    return this.#algorithm === 'ES256'
      ? new Map<number, unknown>([
          [1, 2],
          [3, algorithm ?? -7],
          [-1, 1],
          [-2, bytes(x)],
          [-3, bytes(y)],
        ])
      : new Map<number, unknown>([
          [1, 3],
          [3, algorithm ?? -257],
          [-1, bytes(n)],
          [-2, bytes(e)],
        ])
  }
}

/** CBOR as authenticators write it: maps, byte strings, text and integers. */
export function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) {
    return Buffer.concat([head(5, value.size), ...[...value].flat().map((one) => cbor(one))])
  }
  throw new TypeError('not a value of CBOR that authenticators write')
}

function head(major: number, count: number): Buffer {
  const first = major << 5
  if (count < 24) return Buffer.of(first | count)
  if (count < 0x100) return Buffer.of(first | 24, count)
  if (count < 0x1_0000) return Buffer.concat([Buffer.of(first | 25), uint16(count)])
  return Buffer.concat([Buffer.of(first | 26), uint32(count)])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
