import type { IncomingMessage } from 'node:http'
import { InvalidRequestError, InvalidTokenError } from '../errors.ts'
import { MAX_LENGTH } from '../user-pool/decode.ts'

/** RFC 6750 §2.1: the scheme, which is case-insensitive (RFC 9110 §11.1), and one `b64token`. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i
/** The scheme alone: not followed by a character that would make it another one. */
const BEARER_SCHEME = /^bearer(?![!#$%&'*+\-.^_`|~0-9A-Za-z])/i
const MAX_HEADER_LENGTH = MAX_LENGTH + 'Bearer '.length

/**
 * The bearer token of the `Authorization` header, or `undefined` when there is none or it is of another scheme.
 * Throws {@link InvalidRequestError} for no token, several, or several headers, {@link InvalidTokenError} for
 * what is no token.
 */
export function bearerToken(req: IncomingMessage): string | undefined {
  const header = req.headers.authorization
  if (header === undefined) return undefined
  // Node keeps the first of several Authorization headers and drops the others silently.
  if (countAuthorization(req.rawHeaders) > 1) {
    throw new InvalidRequestError('The request has more than one Authorization header.')
  }
  if (header.length > MAX_HEADER_LENGTH) return tooLong(header)
  const token = BEARER.exec(header)?.[1]
  if (token !== undefined) return token
  if (!BEARER_SCHEME.test(header)) return undefined
  if (/^bearer +[^ \t,]+$/i.test(header)) {
    throw new InvalidTokenError('malformed', 'The bearer token has characters that no token has.')
  }
  throw new InvalidRequestError('The Authorization header must be `Bearer` and one token.')
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
