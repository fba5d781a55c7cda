import { constants, createHash, generateKeyPairSync, type KeyObject, privateEncrypt, sign } from 'node:crypto'

/** One signature that only looks like RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), made with the right key. */
export type SignatureFault = [what: string, make: (input: string, key: KeyObject) => Buffer]

const KEY_BYTES = 256
const oids: Record<string, string> = {
  md5: '2a864886f70d0205',
  sha1: '2b0e03021a',
  sha224: '608648016503040204',
  sha256: '608648016503040201',
  sha384: '608648016503040202',
  sha512: '608648016503040203',
  'sha512-256': '608648016503040206',
  'sha3-256': '608648016503040208',
}
const NULL = Buffer.from('0500', 'hex')
const digest = (hash: string, input: string | Buffer) => createHash(hash).update(input).digest()
const repeat = (byte: number, count: number) => Buffer.alloc(Math.max(count, 0), byte)

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, content.length]), content])
}

/** The same with its length in the long form, or with no length at all: BER, not DER. */
function long(der: Buffer, lengthBytes: number): Buffer {
  const length = Buffer.alloc(lengthBytes)
  length.writeUIntBE(der[1] ?? 0, 0, lengthBytes)
  return Buffer.concat([Buffer.from([der[0] ?? 0, 0x80 | lengthBytes]), length, der.subarray(2)])
}
const indefinite = (der: Buffer) =>
  Buffer.concat([Buffer.from([der[0] ?? 0, 0x80]), der.subarray(2), Buffer.from([0, 0])])

interface Parts {
  oid?: Buffer
  parameters?: Buffer
  algorithm?: (der: Buffer) => Buffer
  octets?: (der: Buffer) => Buffer
  info?: (der: Buffer) => Buffer
}
const same = (der: Buffer) => der
const oidOf = (hash: string) => tlv(0x06, Buffer.from(oids[hash] ?? '', 'hex'))

function digestInfo(hashed: Buffer, parts: Parts = {}): Buffer {
  const { oid = oidOf('sha256'), parameters = NULL, algorithm = same, octets = same, info = same } = parts
  return info(tlv(0x30, algorithm(tlv(0x30, oid, parameters)), octets(tlv(0x04, hashed))))
}

/** EMSA-PKCS1-v1_5, with the padding as long as the key leaves room. */
function padded(
  info: Buffer,
  { type = 1, first = 0, fill = 0xff, separator = 0, tail = Buffer.alloc(0) } = {},
): Buffer {
  const room = KEY_BYTES - 3 - info.length - tail.length
  return Buffer.concat([Buffer.from([first, type]), repeat(fill, room), Buffer.from([separator]), info, tail])
}

const raw = (key: KeyObject, message: Buffer) =>
  privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, message)
const modulus = (key: KeyObject) =>
  numberOf(Buffer.from(String(key.export({ format: 'jwk' })['n']), 'base64url'))
const bytesOf = (value: bigint, length = KEY_BYTES) =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
const numberOf = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`)

const good = (input: string, key: KeyObject) => raw(key, padded(digestInfo(digest('sha256', input))))
/** A signature of the right length over an encoded message that differs from the right one as `parts` say. */
const withInfo =
  (parts: Parts): SignatureFault[1] =>
  (input, key) =>
    raw(key, padded(digestInfo(digest('sha256', input), parts)))
const withPadding =
  (options: Parameters<typeof padded>[1]): SignatureFault[1] =>
  (input, key) =>
    raw(key, padded(digestInfo(digest('sha256', input)), options))

/** The right signature, made by hand: shows that what is refused below is refused for its one fault. */
export const control: SignatureFault[1] = good

const hashes: SignatureFault[] = Object.keys(oids)
  .filter((hash) => hash !== 'sha256')
  .flatMap((hash) => [
    [
      `${hash} in place of SHA-256`,
      (input, key) => raw(key, padded(digestInfo(digest(hash, input), { oid: oidOf(hash) }))),
    ],
    [`SHA-256 under the name of ${hash}`, withInfo({ oid: oidOf(hash) })],
    [`${hash} under the name of SHA-256`, (input, key) => raw(key, padded(digestInfo(digest(hash, input))))],
  ])

const encodings: SignatureFault[] = [
  ['no NULL parameters', withInfo({ parameters: Buffer.alloc(0) })],
  ['parameters that are no NULL', withInfo({ parameters: Buffer.from('040100', 'hex') })],
  ['NULL with content', withInfo({ parameters: Buffer.from('05020000', 'hex') })],
  ['two NULLs', withInfo({ parameters: Buffer.concat([NULL, NULL]) })],
  ['NULL with a long length', withInfo({ parameters: Buffer.from('058100', 'hex') })],
  ['an OID with a leading zero', withInfo({ oid: tlv(0x06, Buffer.from(`80${oids['sha256']}`, 'hex')) })],
  ['an empty OID', withInfo({ oid: tlv(0x06) })],
  ['an integer for the OID', withInfo({ oid: tlv(0x02, Buffer.from(oids['sha256'] ?? '', 'hex')) })],
  ...(['algorithm', 'octets', 'info'] as const).flatMap((part): SignatureFault[] => [
    [`${part} with a long length`, withInfo({ [part]: (der: Buffer) => long(der, 1) })],
    [`${part} with a length of four bytes`, withInfo({ [part]: (der: Buffer) => long(der, 4) })],
    [`${part} of indefinite length`, withInfo({ [part]: indefinite })],
    [
      `${part} with a byte too many`,
      withInfo({ [part]: (der: Buffer) => Buffer.concat([der, Buffer.from([0])]) }),
    ],
    [`${part} cut short`, withInfo({ [part]: (der: Buffer) => der.subarray(0, -1) })],
    [
      `${part} of another type`,
      withInfo({ [part]: (der: Buffer) => Buffer.concat([Buffer.from([0x31]), der.subarray(1)]) }),
    ],
  ]),
  ['the bare digest', (input, key) => raw(key, padded(digest('sha256', input)))],
  ['an empty digest', (_, key) => raw(key, padded(digestInfo(Buffer.alloc(0))))],
  ['half a digest', (input, key) => raw(key, padded(digestInfo(digest('sha256', input).subarray(0, 16))))],
  ['a digest of zeros', (_, key) => raw(key, padded(digestInfo(repeat(0, 32))))],
  [
    'the digest of the digest',
    (input, key) => raw(key, padded(digestInfo(digest('sha256', digest('sha256', input))))),
  ],
  ['the digest of nothing', (_, key) => raw(key, padded(digestInfo(digest('sha256', ''))))],
]

const paddings: SignatureFault[] = [
  ['block type 0', withPadding({ type: 0 })],
  ['block type 0, filled with zeros', withPadding({ type: 0, fill: 0 })],
  ['block type 2', withPadding({ type: 2 })],
  ['a first byte that is not zero', withPadding({ first: 1, type: 1 })],
  ['padding of zeros', withPadding({ fill: 0 })],
  ['padding of another byte', withPadding({ fill: 0xfe })],
  ['no zero after the padding', withPadding({ separator: 0xff })],
  ['something after the digest', withPadding({ tail: Buffer.from([0]) })],
  ['short padding and much after the digest', withPadding({ tail: repeat(0, 194) })],
  ['no padding and much after the digest', withPadding({ tail: repeat(0, 202) })],
  [
    'random padding',
    (input, key) => raw(key, padded(digestInfo(digest('sha256', input))).fill(0x5a, 10, 20)),
  ],
  [
    'one wrong byte in the padding',
    (input, key) => raw(key, padded(digestInfo(digest('sha256', input))).fill(0, 100, 101)),
  ],
  [
    'RSASSA-PSS',
    (input, key) => sign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING }),
  ],
  [
    'RSASSA-PSS without salt',
    (input, key) =>
      sign('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 }),
  ],
]

const numbers: SignatureFault[] = [
  ['nothing', () => Buffer.alloc(0)],
  ['zero', () => repeat(0, KEY_BYTES)],
  ['one zero byte', () => repeat(0, 1)],
  ['one', () => bytesOf(1n)],
  ['all ones', () => repeat(0xff, KEY_BYTES)],
  ['the modulus', (_, key) => bytesOf(modulus(key))],
  ['the modulus less one', (_, key) => bytesOf(modulus(key) - 1n)],
  ['the modulus and one', (_, key) => bytesOf(modulus(key) + 1n)],
  [
    'the signature and the modulus',
    (input, key) => bytesOf(numberOf(good(input, key)) + modulus(key), KEY_BYTES + 1),
  ],
  ['the modulus less the signature', (input, key) => bytesOf(modulus(key) - numberOf(good(input, key)))],
  ['a zero in front', (input, key) => Buffer.concat([Buffer.from([0]), good(input, key)])],
  ['a zero at the end', (input, key) => Buffer.concat([good(input, key), Buffer.from([0])])],
  ['the last byte missing', (input, key) => good(input, key).subarray(0, -1)],
  ['the first byte missing', (input, key) => good(input, key).subarray(1)],
  ['the bytes in reverse', (input, key) => good(input, key).reverse()],
  ['the signature twice', (input, key) => Buffer.concat([good(input, key), good(input, key)])],
  ['the encoded message, unsigned', (input) => padded(digestInfo(digest('sha256', input)))],
  ['a good signature over other text', (input, key) => good(`${input} `, key)],
  [
    'a good signature by another key',
    (input) => good(input, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ],
  [
    'an ECDSA signature',
    (input) =>
      sign('sha256', Buffer.from(input), generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  ],
]

export const signatureFaults: readonly SignatureFault[] = [...hashes, ...encodings, ...paddings, ...numbers]
