import assert from 'node:assert/strict'
import { createDiffieHellmanGroup, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { N, power, powerOfTwo } from '../../../src/user-pool/sign-in/srp-group.ts'

/** One squaring for each bit, and nothing clever. */
function plainly(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) result = (result * result * (bit === '1' ? base : 1n)) % N
  return result
}

test('the group is the one of RFC 3526, as OpenSSL has it', () => {
  assert.equal(N.toString(16), createDiffieHellmanGroup('modp15').getPrime('hex'))
})

test('powers of two are what one squaring for each bit gives, whatever bits are set', () => {
  const single = Array.from({ length: 256 }, (_, bit) => 1n << BigInt(bit))
  const random = Array.from({ length: 50 }, () => BigInt(`0x${randomBytes(32).toString('hex')}`))
  const edges = [
    0n,
    1n,
    2n,
    3n,
    2n ** 64n - 1n,
    2n ** 64n,
    2n ** 255n + 1n,
    2n ** 256n - 1n,
    2n ** 256n,
    2n ** 300n + 7n,
  ]
  for (const exponent of [...single, ...random, ...edges])
    assert.equal(powerOfTwo(exponent), plainly(2n, exponent), exponent.toString(16))
})

test('powers of other bases too', () => {
  for (let round = 0; round < 10; round += 1) {
    const base = BigInt(`0x${randomBytes(384).toString('hex')}`) % N
    const exponent = BigInt(`0x${randomBytes(64).toString('hex')}`)
    assert.equal(power(base, exponent), plainly(base, exponent))
  }
  assert.equal(power(5n, 0n), 1n)
})
