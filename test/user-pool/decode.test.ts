import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JwtDecoder } from '../../src/user-pool/decode.ts'
import { segment, signingInput } from './signer.ts'

const decode = (decoder: JwtDecoder, header: string) =>
  decoder.decode(`${segment(header)}.${segment('{}')}.c2ln`)

test('a token comes apart into what was signed and what was not', () => {
  const header = { alg: 'RS256', kid: 'key1' }
  const input = signingInput(header, { sub: 'ana', nested: { größe: 'ü' } })
  const { kid, payload, signingInput: signed, signature, ...rest } = new JwtDecoder().decode(`${input}.c2ln`)
  assert.deepEqual(rest, { header: segment(JSON.stringify(header)) })
  assert.equal(kid, 'key1')
  assert.deepEqual(payload, { sub: 'ana', nested: { größe: 'ü' } })
  assert.equal(signed.toString(), input)
  assert.equal(signature.toString(), 'sig')
})

test('a header that is known is not read again, and no more than 16 are known, whoever sends how many', () => {
  const decoder = new JwtDecoder()
  // No header at all, so that reading it would be refused: what is taken comes from memory.
  const headers = Array.from({ length: 17 }, (_, index) => `no JSON ${index}`)
  for (const header of headers) assert.throws(() => decode(decoder, header), { reason: 'malformed' })
  for (const [index, header] of headers.entries()) decoder.remember(segment(header), `key${index}`)
  for (const [index, header] of headers.slice(0, 16).entries())
    assert.equal(decode(decoder, header).kid, `key${index}`)
  assert.throws(() => decode(decoder, headers[16] ?? ''), { reason: 'malformed' })
})
