import { createHash, timingSafeEqual } from 'node:crypto'
import { randomBytes } from './random.ts'

/** A value nobody can guess, safe in URLs, cookies and HTML. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** Compares without telling by its duration where, or at which length, the two differ. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
