import { createHmac, timingSafeEqual } from 'node:crypto'

/** What stands in an opaque token: claims, and a proof that the pretend provider wrote them. */
export function sealClaims(claims: Record<string, unknown>, secret: Buffer): string {
  const text = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${text}.${proof(text, secret).toString('base64url')}`
}

/** Undefined for whatever the provider did not write. */
export function unsealClaims(sealed: string, secret: Buffer): Record<string, unknown> | undefined {
  const [text = '', given = ''] = sealed.split('.')
  const expected = proof(text, secret)
  const actual = Buffer.from(given, 'base64url')
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>
}

function proof(text: string, secret: Buffer): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}
