import type { IncomingMessage } from 'node:http'
import { InvalidRequestError, InvalidTokenError } from '../errors.ts'
import { MAX_LENGTH } from '../user-pool/decode.ts'

/** RFC 6750 §2.1: the scheme, which is case-insensitive (RFC 9110 §11.1), and one `b64token`. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i
/** The scheme alone: not followed by a character that would make it another one. */
const BEARER_SCHEME = /^bearer(?![!#$%&'*+\-.^_`|~0-9A-Za-z])/i
const USUAL = 'Bearer '
const MAX_HEADER_LENGTH = MAX_LENGTH + USUAL.length

/**
 * The bearer token of the `Authorization` header, or `undefined` when there is none or it is of another scheme. Its
 * characters are not looked at: no verifier takes a token with wrong ones, and who is refused hears from
 * {@link bearerSyntaxError} what was wrong. Throws {@link InvalidRequestError} for several headers and for no token,
 * {@link InvalidTokenError} for what is too long.
 */
export function bearerToken(req: IncomingMessage): string | undefined {
  const header = req.headers.authorization
  if (header === undefined) return undefined
  // Node keeps the first of several Authorization headers and drops the others silently.
  if (countAuthorization(req.rawHeaders) > 1) {
    throw new InvalidRequestError('The request has more than one Authorization header.')
  }
  if (header.length > MAX_HEADER_LENGTH) return tooLong(header)
  if (header.startsWith(USUAL) && header[USUAL.length] !== ' ') return header.slice(USUAL.length)
  if (!BEARER_SCHEME.test(header)) return undefined
  const malformed = bearerSyntaxError(req)
  if (malformed) throw malformed
  return BEARER.exec(header)?.[1]
}

/**
 * What is wrong with an `Authorization` header that is not `Bearer` and one token: {@link InvalidRequestError}, or {@link
 * InvalidTokenError} when the token has characters that none has.
 */
export function bearerSyntaxError({
  headers: { authorization = '' },
}: IncomingMessage): InvalidRequestError | InvalidTokenError | undefined {
  if (BEARER.test(authorization)) return undefined
  return /^bearer +[^ \t,]+$/i.test(authorization)
    ? new InvalidTokenError('malformed', 'The bearer token has characters that no token has.')
    : new InvalidRequestError('The Authorization header must be `Bearer` and one token.')
}

/** No token is that long, so nobody reads it to the end. */
function tooLong(header: string): undefined {
  if (!BEARER_SCHEME.test(header)) return undefined
  throw new InvalidTokenError('malformed', 'The Authorization header is longer than 16 kB.')
}

function countAuthorization(rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 'authorization'.length && name.toLowerCase() === 'authorization') count += 1
  }
  return count
}
