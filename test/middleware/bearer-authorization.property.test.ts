import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { CognitoError } from '../../src/errors.ts'
import { bearerSyntaxError, bearerToken } from '../../src/middleware/authorization.ts'

type Answer = { token: string } | 'none' | 'ERR_COGNITO_INVALID_REQUEST' | 'ERR_COGNITO_INVALID_TOKEN'

const tchar = new Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
const tokenChar = new Set('-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')

/** RFC 9110 §11.4 and RFC 6750 §2.1, read one character after the other and without a regular expression. */
function model(headers: readonly string[]): Answer {
  if (headers.length > 1) return 'ERR_COGNITO_INVALID_REQUEST'
  const [header] = headers
  if (header === undefined) return 'none'
  let at = 0
  while (tchar.has(header.charAt(at))) at += 1
  if (header.slice(0, at).toLowerCase() !== 'bearer') return 'none'
  const start = at
  while (header.charAt(at) === ' ') at += 1
  const token = header.slice(at)
  const separated = [...token].some((character) => ' \t,'.includes(character))
  if (at === start || token === '' || separated) return 'ERR_COGNITO_INVALID_REQUEST'
  let end = token.length
  while (token.charAt(end - 1) === '=') end -= 1
  const text = token.slice(0, end)
  const valid = text !== '' && [...text].every((character) => tokenChar.has(character))
  return valid ? { token } : 'ERR_COGNITO_INVALID_TOKEN'
}

/** The request as Node gives it: the first of several headers is kept, the raw ones tell all. */
function answer(headers: readonly string[], names: readonly string[]): Answer {
  const req = new IncomingMessage(new Socket())
  req.rawHeaders = [
    'Host',
    'authorization',
    ...headers.flatMap((value, at) => [names[at] ?? 'Authorization', value]),
  ]
  if (headers[0] !== undefined) req.headers = { authorization: headers[0] }
  try {
    const token = bearerToken(req)
    // As bearer() does for every token that is refused; what it takes is covered by the mutated tokens of BV-43.
    if (token === undefined) return 'none'
    const malformed = bearerSyntaxError(req)
    if (malformed) throw malformed
    return { token }
  } catch (error) {
    assert.ok(error instanceof CognitoError, String(error))
    for (const value of headers)
      assert.ok(value.length < 12 || !error.message.includes(value), 'the message quotes the header')
    return error.code as Answer
  }
}

const scheme = fc.oneof(
  { weight: 6, arbitrary: fc.mixedCase(fc.constant('bearer')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'Basic', 'Bear', 'Bearers', 'xBearer', 'Bearer-x', 'Negotiate'),
  },
)
const separator = fc.oneof(
  { weight: 5, arbitrary: fc.constant(' ') },
  fc.string({ unit: fc.constantFrom(' ', '\t', ',', ':', '=', '"', '\u00a0', '\u0085'), maxLength: 3 }),
)
/** Characters of a token, and what stands near them in the tables of RFC 9110. */
const text = fc.string({
  unit: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...tokenChar, '=', '.') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(' ', '\t', ',', '"', '%', ':', ';', '\\', '\u00a0', '\u00e9', '\u007f'),
    },
  ),
  maxLength: 24,
})
const latin1 = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})
const header = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(scheme, separator, text).map((parts) => parts.join('')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        scheme,
        separator,
        latin1.filter((value) => !/[\r\n]/.test(value)),
      )
      .map((parts) => parts.join('')),
  },
)
const headers = fc.oneof(
  { weight: 9, arbitrary: fc.array(header, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(header, { maxLength: 3 }) },
)
const names = fc.array(fc.mixedCase(fc.constant('authorization')), { minLength: 3, maxLength: 3 })

test('BV-18 every Authorization header is read as RFC 6750 §2.1 reads it (20,000, seeded)', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(headers, names, (values, spelt) => {
      const expected = model(values)
      const kind = typeof expected === 'string' ? expected : 'token'
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      assert.deepEqual(answer(values, spelt), expected)
    }),
    { seed: 6750, numRuns: 20_000 },
  )
  // A generator that never reaches an outcome would prove nothing about it.
  const kinds = ['token', 'none', 'ERR_COGNITO_INVALID_REQUEST', 'ERR_COGNITO_INVALID_TOKEN']
  for (const kind of kinds) assert.ok((seen.get(kind) ?? 0) > 500, `${kind}: ${seen.get(kind)}`)
})
