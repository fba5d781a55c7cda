import { isJsonObject } from 'aws-jwt-verify/safe-json-parse'
import type { JwtPayload } from 'aws-jwt-verify/jwt-model'
import { InvalidTokenError } from '../errors.ts'

/**
 * Longer tokens are refused unread. AWS promises no maximum; 16 kB is also what Node accepts in all headers
 * together.
 */
export const MAX_LENGTH = 16 * 1024

/** A JWT in its parts, well-formed and not verified. */
export interface UnverifiedJwt {
  header: string
  kid: string
  payload: JwtPayload
  signingInput: Buffer
  signature: Buffer
}

/** More headers than a pool has keys: only tokens that were verified add one. */
const MAX_HEADERS = 16

/** Takes tokens apart. All tokens that one key signed begin with the same header, so a known one is not read again. */
export class JwtDecoder {
  readonly #kids = new Map<string, string>()

  /**
   * A compact JWS in its parts (RFC 7515 §7.1). Refuses what cannot be a token of Cognito before any key is fetched or
   * any signature computed: throws {@link InvalidTokenError}, whose message quotes nothing.
   */
  decode(token: unknown): UnverifiedJwt {
    if (typeof token !== 'string' || token.length > MAX_LENGTH)
      throw malformed('is no string or longer than 16 kB')
    const segments = token.split('.', 4)
    if (segments.length !== 3 || segments.includes('')) throw malformed('does not have three segments')
    const [header, payload, signature] = segments as [string, string, string]
    return {
      header,
      kid: this.#kids.get(header) ?? kidOf(header),
      payload: parsePayload(bytesOf(payload).toString()),
      signingInput: Buffer.from(token.slice(0, -signature.length - 1), 'latin1'),
      signature: bytesOf(signature),
    }
  }

  /** Of a token whose signature matched. */
  remember(header: string, kid: string): void {
    if (this.#kids.size < MAX_HEADERS) this.#kids.set(header, kid)
  }
}

/**
 * The `kid` of a header; only RS256, no critical extensions (RFC 7515 §4.1.11), and no other type of token (RFC 8725
 * §3.11).
 */
function kidOf(segment: string): string {
  const header = parseObject(bytesOf(segment).toString())
  if (!header) throw malformed('has no JSON header')
  const { alg, typ, crit, kid } = header
  if (alg !== 'RS256') throw new InvalidTokenError('algorithm', 'The token is not signed with RS256.')
  if (typeof kid !== 'string' || kid === '') throw malformed('names no key')
  if (crit !== undefined) throw malformed('has critical extensions (RFC 7515 §4.1.11)')
  if (typ !== undefined && typ !== 'JWT' && typ !== 'at+jwt') throw malformed('is of another type')
  return kid
}

/**
 * One text for one token: unused bits are zero and there is no padding, so that a denied token has no second
 * spelling.
 */
function bytesOf(segment: string): Buffer {
  const bytes = Buffer.from(segment, 'base64url')
  if (bytes.toString('base64url') !== segment) throw malformed('is not base64url')
  return bytes
}

const isText = (value: unknown) => typeof value === 'string'
/** The types of the registered claims (RFC 7519 §4.1), so that no comparison with them can go astray. */
const registered: readonly [name: string, is: (value: unknown) => boolean][] = [
  ['exp', Number.isFinite],
  ['nbf', Number.isFinite],
  ['iat', Number.isFinite],
  ['iss', isText],
  ['sub', isText],
  ['jti', isText],
  ['scope', isText],
  ['aud', (value) => isText(value) || (Array.isArray(value) && value.every(isText))],
]

function parsePayload(text: string): JwtPayload {
  const payload = parseObject(text)
  if (!payload) throw malformed('has no JSON payload')
  for (const [name, is] of registered) {
    if (payload[name] !== undefined && !is(payload[name])) throw malformed(`has a wrong \`${name}\``)
  }
  return payload as JwtPayload
}

/** Members by which a careless merge of claims would reach a prototype. */
const dangerous = ['__proto__', 'constructor', 'prototype']

function withoutDangerous(name: string, value: unknown): unknown {
  return dangerous.includes(name) ? undefined : value
}

/** A JSON object without members that could reach a prototype, or `undefined`. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    // A reviver costs more than all the rest, and almost no token can need it: only one that names such a member, or
    // hides the name behind an escape.
    const plain = !dangerous.some((name) => text.includes(name)) && !text.includes('\\')
    const value: unknown = plain ? JSON.parse(text) : JSON.parse(text, withoutDangerous)
    return isJsonObject(value as never) ? (value as Record<string, unknown>) : undefined
  } catch {
    // The message of JSON.parse would quote the token.
    return undefined
  }
}

function malformed(why: string): InvalidTokenError {
  return new InvalidTokenError('malformed', `The token ${why}.`)
}
