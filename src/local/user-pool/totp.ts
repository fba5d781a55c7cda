import { createHmac } from 'node:crypto'
import { randomBytes } from '../lib/random.ts'
import { equalSecrets } from '../lib/secrets.ts'
import type { SoftwareToken } from './mfa.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const stepMs = 30_000

/** 52 characters of base32, as authenticator apps take them. */
export function newSecretCode(): string {
  return Array.from(randomBytes(52), (byte) => alphabet.charAt(byte % 32)).join('')
}

/** The code of a time step: HMAC-SHA1, six digits (RFC 6238, RFC 4226 §5.3). */
export function totp(secretCode: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', base32Bytes(secretCode)).update(counter).digest()
  const offset = mac.readUInt8(mac.length - 1) & 0xf
  const number = (mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000
  return String(number).padStart(6, '0')
}

/** A code of the last, this or the next half-minute is right, once. */
export function useTotp(token: SoftwareToken, code: string, nowMs: number): 'right' | 'wrong' | 'used' {
  const now = Math.floor(nowMs / stepMs)
  const step = [now, now - 1, now + 1].find((candidate) =>
    equalSecrets(totp(token.secretCode, candidate), code),
  )
  if (step === undefined) return 'wrong'
  if (step <= token.usedStep) return 'used'
  token.usedStep = step
  return 'right'
}

function base32Bytes(text: string): Buffer {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
