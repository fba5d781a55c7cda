import type { IncomingMessage } from 'node:http'
import { InvalidRequestError, InvalidTokenError } from '../errors.ts'

/** RFC 6750 §2.1: `b64token`. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * The bearer token of the `Authorization` header, or `undefined` when there is none or it is of another scheme.
 * The scheme is case-insensitive (RFC 9110 §11.1). Throws {@link InvalidRequestError} for no token, several, or
 * several headers, {@link InvalidTokenError} for what is no token.
 */
export function bearerToken(req: IncomingMessage): string | undefined {
  // Node keeps the first of several Authorization headers and drops the others silently.
  const count = req.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  ).length
  if (count > 1) throw new InvalidRequestError('The request has more than one Authorization header.')
  const header = req.headers.authorization
  if (header === undefined || !/^bearer(?![!#$%&'*+\-.^_`|~0-9A-Za-z])/i.test(header)) return undefined
  const token = /^ +(.*)$/.exec(header.slice('bearer'.length))?.[1] ?? ''
  // What separates in HTTP; `\s` would take a no-break space for one.
  if (token === '' || /[ \t,]/.test(token))
    throw new InvalidRequestError('The Authorization header must be `Bearer` and one token.')
  if (!B64TOKEN.test(token))
    throw new InvalidTokenError('malformed', 'The bearer token has characters that no token has.')
  return token
}
