import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals small values for places that the app does not trust: AES-256-GCM (NIST SP 800-38D) with keys derived from
 * texts of the app (RFC 5869). The first key seals, every one opens, so that keys can be replaced.
 */
export class Seal {
  readonly #keys: readonly Buffer[]

  /** `purpose` keeps what is sealed for one use from being opened for another. */
  constructor(secrets: readonly string[], purpose: string) {
    this.#keys = secrets.map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', `passport-cognito-identity ${purpose}`, 32)),
    )
  }

  /** URL-safe text that opens with the same `context` only. */
  seal(value: unknown, context: string): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0] as Buffer, iv).setAAD(Buffer.from(context))
    const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
    return Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64url')
  }

  /** The value, or `undefined` for what was altered, sealed elsewhere, or for another context. */
  open(sealed: string, context: string): unknown {
    const bytes = Buffer.from(sealed, 'base64url')
    // One text for one value: what decodes to the same bytes is still not what was sealed.
    if (bytes.length <= IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== sealed) return undefined
    for (const key of this.#keys) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
        decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES))
        const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()])
        return JSON.parse(text.toString('utf8')) as unknown
      } catch {
        // Not this key, or not ours at all: the next one tells.
      }
    }
    return undefined
  }
}
