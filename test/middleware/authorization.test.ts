import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { bearerSyntaxError, bearerToken } from '../../src/middleware/authorization.ts'

/** A request as Node gives it, with these lines of headers. */
function request(...lines: [name: string, value: string][]): IncomingMessage {
  const req = new IncomingMessage(new Socket())
  req.rawHeaders = lines.flat()
  const first = lines.find(([name]) => name.toLowerCase() === 'authorization')
  if (first) req.headers = { authorization: first[1] }
  return req
}

const invalidToken = { name: 'InvalidTokenError', reason: 'malformed', status: 401 }
const invalidRequest = { name: 'InvalidRequestError', status: 400 }

test('BV-30 a token of 16,384 characters is read, and a header with more is refused unread', () => {
  const token = 'e'.repeat(16_384)
  assert.equal(bearerToken(request(['Authorization', `Bearer ${token}`])), token)
  for (const header of [
    `Bearer ${token}e`,
    `bearer ${token}${'e'.repeat(5_000_000)}`,
    `Bearer ${' '.repeat(16_385)}`,
  ])
    assert.throws(() => bearerToken(request(['Authorization', header])), invalidToken)
})

test('a header of another scheme says nothing about a token, however long it is', () => {
  const long = 'e'.repeat(20_000)
  for (const header of [
    `Negotiate ${long}`,
    `Bearers ${long}`,
    `xBearer ${long}`,
    `Basic eDp5, Bearer ${long}`,
    long,
  ])
    assert.equal(bearerToken(request(['Authorization', header])), undefined)
})

test('BV-21 two headers are two, wherever they stand and however they are spelled; their values are none', () => {
  const good: [string, string] = ['Authorization', 'Bearer a.b.c']
  assert.equal(bearerToken(request(['Host', 'authorization'], good, ['X-Other', 'Authorization'])), 'a.b.c')
  assert.equal(bearerToken(request(good, ['X-Authorization', 'x'], ['Authorizations', 'x'])), 'a.b.c')
  for (const name of ['Authorization', 'authorization', 'AUTHORIZATION'])
    assert.throws(() => bearerToken(request(good, ['Host', 'x'], [name, 'Basic eDp5'])), invalidRequest)
})

test('what follows the scheme is one token, or the request is malformed', () => {
  const read = (header: string) => {
    const req = request(['Authorization', header])
    const token = bearerToken(req)
    const malformed = bearerSyntaxError(req)
    if (malformed) throw malformed
    return token
  }
  for (const header of ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Bearer\ta'])
    assert.throws(() => read(header), invalidRequest, header)
  for (const header of ['Bearer "a"', 'Bearer a=b', 'Bearer =', 'Bearer ä'])
    assert.throws(() => read(header), invalidToken, header)
  for (const header of ['Bearer a.b', 'bearer a.b', 'BEARER   a.b', 'Bearer  a.b'])
    assert.equal(read(header), 'a.b', header)
  assert.equal(bearerToken(request()), undefined)
})
