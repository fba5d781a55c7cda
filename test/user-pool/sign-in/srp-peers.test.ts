import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { srpClients } from '../../../bench/srp-clients.ts'
import { k, modPow, N, secretBlock, serverSignature } from './srp-server.ts'

const userPoolId = 'eu-west-1_AbCdEf123'
const group = 'AbCdEf123'

/** What a server keeps of a password, by the definition: x = H(salt, H(group, id, ":", password)). */
function verifierOf(id: string, password: string, salt: Buffer): bigint {
  const inner = createHash('sha256').update(`${group}${id}:${password}`).digest()
  const signed = (salt[0] as number) > 127 ? Buffer.concat([Buffer.alloc(1), salt]) : salt
  return modPow(2n, BigInt(`0x${createHash('sha256').update(signed).update(inner).digest('hex')}`))
}

const users: [id: string, password: string, salt: string][] = [
  ['3f6b7c1e-2a4d-4e8f-9b0a-5c6d7e8f9a0b', 'Tr0ub4dor&3', '0142'],
  ['taro@example.com', 'パスワード-Ünï1!', 'c5a9b1b7e2f3041526374859607182'],
  ['ключ', '🔑🔑🔑-Aa1', '80'],
  ['e\u0301', 'e\u0301\u00e9 Aa1!', '7fffffffffffffffffffffffffffffff'],
  ['x'.repeat(128), 'y'.repeat(256), 'ff'.repeat(16)],
  ...Array.from({ length: 2 }, (_, index): [string, string, string] => [
    `user-${index}`,
    randomBytes(12).toString('base64'),
    // The first byte is not zero: a leading one does not reach the client.
    Buffer.concat([Buffer.of(1 + index * 200), randomBytes(15)]).toString('hex'),
  ]),
]

for (const [name, client] of Object.entries(srpClients)) {
  test(`DS-01 the same server takes the proof of ${name}, for every kind of user, and no proof of a wrong password`, async () => {
    for (const [id, password, salt] of users) {
      const v = verifierOf(id, password, Buffer.from(salt, 'hex'))
      const b = BigInt(`0x${randomBytes(32).toString('hex')}`)
      const srpB = ((k * v + modPow(2n, b)) % N).toString(16)
      for (const typed of [password, `${password}x`]) {
        const { srpA, prove } = await client({ userPoolId, id, password: typed })
        const { signature, timestamp } = await prove({ salt, srpB, secretBlock })
        const expected = serverSignature({ srpA, srpB, v, b }, { group, id }, timestamp)
        assert.equal(signature === expected, typed === password, `${id} ${typed === password}`)
      }
    }
  })
}
