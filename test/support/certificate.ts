import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

/** A key and a certificate that it signed itself, in PEM. */
export interface Certificate {
  key: string
  cert: string
}

/** Makes a server certificate for one DNS name, valid between two times (X.509 v3, RFC 5280), since none is committed. */
export function makeCertificate(name: string, [from, until]: [Date, Date]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const subject = sequence(set(sequence(oid('550403'), der(0x0c, Buffer.from(name)))))
  const alternatives = der(0x04, sequence(der(0x82, Buffer.from(name))))
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    sha256WithRsa,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid('551d11'), alternatives))),
  )
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey)
  const whole = sequence(body, sha256WithRsa, der(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  }
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? Buffer.of(length) : Buffer.of(0x82, length >> 8, length & 0xff)
  return Buffer.concat([Buffer.of(tag), size, content])
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts))
const set = (part: Buffer) => der(0x31, part)
const integer = (value: Buffer) => der(0x02, value)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const time = (date: Date) => der(0x18, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')))
const sha256WithRsa = sequence(oid('2a864886f70d01010b'), der(0x05, Buffer.alloc(0)))
