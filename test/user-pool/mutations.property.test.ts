import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { bearer, CognitoError, UserPool } from '../../src/index.ts'
import { accessClaims, createSigner } from './signer.ts'

const signer = createSigner('key1')
const userPool = new UserPool({
  userPoolId: 'eu-west-1_AbCdEf123',
  clientId: '4ifa83b1k2example9c0d1e2f3',
  fetch: async () => Response.json({ keys: [signer.jwk] }),
})
const sign = (claims: object) => signer.sign(accessClaims(userPool, { ...claims }))
/** Good ones, to mutate and to splice; the second would be worth more than the first. */
const tokens = [sign({ username: 'ana' }), sign({ 'cognito:groups': ['admin'], username: 'ben', sub: 'ben' })]

/** Where and what: fractions of the length, so that every part is reached. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const character = fc.oneof(
  fc.constantFrom(...'ABCDabcd0189-_.=+/% ,"\t\0\u00e9{}'),
  fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
)
const mutation = fc.oneof(
  fc.record({
    kind: fc.constant('insert'),
    place,
    text: fc.string({ unit: character, minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('delete'), place, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('flip'), place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({
    kind: fc.constant('flip decoded'),
    part: fc.nat(2),
    place,
    bit: fc.integer({ min: 0, max: 7 }),
  }),
  fc.record({ kind: fc.constant('duplicate'), place, length: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('splice'), place, length: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('swap part'), part: fc.nat(2) }),
) as fc.Arbitrary<Mutation>

type Mutation =
  | { kind: 'insert'; place: number; text: string }
  | { kind: 'delete' | 'duplicate' | 'splice'; place: number; length: number }
  | { kind: 'flip'; place: number; bit: number }
  | { kind: 'flip decoded'; part: number; place: number; bit: number }
  | { kind: 'swap part'; part: number }

function mutate(token: string, other: string, mutation: Mutation): string {
  const at = 'place' in mutation ? Math.floor(mutation.place * token.length) : 0
  const [before, after] = [token.slice(0, at), token.slice(at)]
  switch (mutation.kind) {
    case 'insert':
      return before + mutation.text + after
    case 'delete':
      return before + after.slice(mutation.length)
    case 'duplicate':
      return before + after.slice(0, mutation.length) + after
    case 'splice':
      return before + other.slice(at, at + mutation.length) + after.slice(mutation.length)
    case 'flip':
      return before + String.fromCharCode(token.charCodeAt(at) ^ (1 << mutation.bit)) + token.slice(at + 1)
    case 'flip decoded':
      return replacePart(token, mutation.part, (part) => flipped(part, mutation.place, mutation.bit))
    case 'swap part':
      return replacePart(token, mutation.part, () => other.split('.')[mutation.part] ?? '')
  }
}

function replacePart(token: string, index: number, change: (part: string) => string): string {
  return token
    .split('.')
    .map((part, at) => (at === index ? change(part) : part))
    .join('.')
}

function flipped(part: string, place: number, bit: number): string {
  const bytes = Buffer.from(part, 'base64url')
  const at = Math.floor(place * bytes.length)
  if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  return bytes.toString('base64url')
}

const guard = bearer({ userPool })

/** What `bearer()` does with this token: 200 stands for `next()`. No socket, so that ten thousand take seconds. */
function statusOf(token: string): Promise<number> {
  const req = new IncomingMessage(new Socket())
  req.rawHeaders = ['Authorization', `Bearer ${token}`]
  req.headers = { authorization: `Bearer ${token}` }
  const res = new ServerResponse(req)
  return new Promise((resolve) => {
    res.end = () => {
      resolve(res.statusCode)
      return res
    }
    guard(req as Parameters<typeof guard>[0], res, (error) =>
      resolve(error === undefined ? 200 : error instanceof CognitoError ? error.status : 500),
    )
  })
}

/** With the processor time that it took: others on the machine do not count. */
async function timed(token: string): Promise<[status: number, ms: number]> {
  const start = process.cpuUsage()
  const status = await statusOf(token)
  const { user, system } = process.cpuUsage(start)
  return [status, (user + system) / 1_000]
}

test('BV-43 10,000 mutated tokens: none is taken that is not the token itself, none is a 5xx, none takes long (seeded)', async () => {
  for (const token of tokens) assert.equal(await statusOf(token), 200)
  const seen = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      async (which, mutations) => {
        const [token = '', other = ''] = which === 0 ? tokens : [...tokens].reverse()
        const mutated = mutations.reduce((text, one) => mutate(text, other, one), token)
        let [status, ms] = await timed(mutated)
        // Once more, in case that this process was busy with something else, such as collecting garbage.
        if (ms > 50) [status, ms] = await timed(mutated)
        assert.ok(ms <= 50, `${ms} ms`)
        // One text for one token: unchanged parts means the very token. Spaces before it belong to the scheme.
        if (tokens.includes(mutated.replace(/^ +/, ''))) assert.equal(status, 200)
        else assert.ok(status === 400 || status === 401, `${status}`)
        seen.set(status, (seen.get(status) ?? 0) + 1)
      },
    ),
    { seed: 43, numRuns: 10_000 },
  )
  for (const status of [200, 400, 401])
    assert.ok((seen.get(status) ?? 0) > 10, `${status}: ${seen.get(status)}`)
  for (const token of tokens) assert.equal(await statusOf(token), 200)
})
