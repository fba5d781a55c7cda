import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import {
  answerSrp,
  createEphemeral,
  createSrpVerifier,
  srpTimestamp,
  type SrpIdentity,
  toBytes,
} from '../../../src/user-pool/sign-in/srp.ts'
import { k, modPow, N, secretBlock, serverSignature } from './srp-server.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const secretOf = (seed: string) => BigInt(`0x${sha256(seed)}`)
const timestamp = 'Tue May 7 00:09:40 UTC 2024'
const now = new Date('2024-05-07T00:09:40Z')

/** The server's public value for a verifier that the client's own half computes: only its arithmetic is under test here. */
function serverValue(identity: SrpIdentity, saltHex: string, bSeed: string): string {
  const salt = Buffer.from(saltHex.padStart(32, '0'), 'hex')
  const verifier = BigInt(
    `0x${Buffer.from(createSrpVerifier(identity, salt).verifier, 'base64').toString('hex')}`,
  )
  return ((k * verifier + modPow(2n, secretOf(bSeed))) % N).toString(16)
}

const pool = { group: 'AbCdEf123' }
const vectors = {
  V1: {
    identity: { ...pool, id: '3f6b7c1e-2a4d-4e8f-9b0a-5c6d7e8f9a0b', password: 'Tr0ub4dor&3' },
    salt: 'baf4431cdaa37c04c0d655a99f5e9b9b',
    seeds: ['facts-a-1', 'facts-b-1'],
    A: 'c5787345e22ea9b12d4c6c8cd426c7a895a959d4d01a31932276c306594f9f2b',
    B: '6754078b2d423a29c9b9576fe614d9cb4030ce0bd81c862bea07bd8a9f51044a',
    signature: 'vCzhH8hvMuz5WSBFbp0GrzHmnmBgZNBnitPyjZtAr00=',
  },
  'V2: odd-length A, u with a leading zero byte, a salt that lost its zeros, a password beyond ASCII': {
    identity: { ...pool, id: 'taro@example.com', password: 'パスワード-Ünï1!' },
    salt: 'c5a9b1b7e2f3041526374859607182',
    seeds: ['facts-a-edge-2', 'facts-b-edge-592'],
    A: 'f70cefc7250a74e4e5d88636125a607c067af306d180406801a4a2395e3e0667',
    B: '5b202d359955cdfafe4691334753af0663cbb6267940c7a5223d730beabe6ee6',
    signature: 'iEFDRoJWV/yJ95VZSUFQMJp5R5EsyJWduRejqeuxvPM=',
  },
  'V3: a shared secret with leading zeros': {
    identity: { ...pool, id: 'taro@example.com', password: 'パスワード-Ünï1!' },
    salt: 'c5a9b1b7e2f3041526374859607182',
    seeds: ['facts-a-edge-2', 'facts-b-oddS-326'],
    A: 'f70cefc7250a74e4e5d88636125a607c067af306d180406801a4a2395e3e0667',
    B: 'a6682b805ef4afc4b56e07057862c314fbd32cba317d2bcdb4f70f868540a165',
    signature: 'HIWJy+UsmgIWdEtRBdYRtDTk7TDfVlLp7Ygn4S3A2V0=',
  },
  'a device': {
    identity: {
      group: '-AbCdEfGhI',
      id: 'ap-northeast-1_0c7d4c3a-91f2-4b6e-8d5a-7e3f1a2b4c6d',
      password: 'eobtCxTaWIQTyqYJ/bOUkvAz4wzQ09BrwFZdQY0GwpIy+eCN929d5A==',
    },
    salt: '634499d7019e4d1118f9aa883e3f0cb6',
    seeds: ['facts-a-1', 'facts-db-1'],
    A: 'c5787345e22ea9b12d4c6c8cd426c7a895a959d4d01a31932276c306594f9f2b',
    B: '83a94f09f61e94f783f690b041b62b3917237928b30f3f0b018d5893cb01cbd0',
    signature: 'MtmY8WmPqmg+O7AITYIYMObgQgrbNnxMXNIXXgwemvc=',
  },
} as const

for (const [name, { identity, salt, seeds, A, B, signature }] of Object.entries(vectors)) {
  test(`DS-01 the known handshake is reproduced to the last bit: ${name}`, () => {
    const ephemeral = createEphemeral(secretOf(seeds[0]))
    const srpB = serverValue(identity, salt, seeds[1])
    assert.equal(sha256(ephemeral.srpA), A)
    assert.equal(sha256(srpB), B)
    assert.deepEqual(answerSrp(ephemeral, identity, { salt, srpB, secretBlock }, now), {
      PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
      PASSWORD_CLAIM_SIGNATURE: signature,
      TIMESTAMP: timestamp,
    })
  })
}

test('the verifier of a device is the one that Cognito would compute', () => {
  const { identity, salt } = vectors['a device']
  const verifier = createSrpVerifier(identity, Buffer.from(salt, 'hex'))
  assert.equal(verifier.salt, 'Y0SZ1wGeTREY+aqIPj8Mtg==')
  assert.equal(verifier.verifier.slice(0, 24), 'AKuW7nYrN4WL6lcdLoKVpIDL')
  assert.equal(sha256(verifier.verifier), '7652b6b7939d59d793b86338647475d97e580c76754d85e7c9b7ef959bbaf4e5')
  assert.equal(Buffer.from(verifier.verifier, 'base64').length, 385)
})

test('DS-01 numbers are written as Java writes them, around every power of two (1,536 rows)', () => {
  for (let bits = 1; bits <= 512; bits += 1) {
    for (const number of [(1n << BigInt(bits)) - 1n, 1n << BigInt(bits), (1n << BigInt(bits)) + 1n]) {
      const bytes = toBytes(number)
      // The shortest two's complement: one bit for the sign beyond those of the number (BigInteger.toByteArray).
      assert.equal(bytes.length, Math.floor(number.toString(2).length / 8) + 1, `${number}`)
      assert.equal(BigInt(`0x${bytes.toString('hex')}`), number)
      assert.equal((bytes[0] as number) < 0x80, true)
    }
  }
  assert.deepEqual([...toBytes(0n)], [0])
})

const zone = process.env['TZ']
after(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})
test('DS-04 the timestamp is English, in UTC, with no zero before the day, on every day and in every zone', () => {
  const pattern =
    /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([1-9]|[12]\d|3[01]) \d\d:\d\d:\d\d UTC \d{4}$/
  for (const TZ of [
    'UTC',
    'Asia/Tokyo',
    'America/New_York',
    'Pacific/Kiritimati',
    'Asia/Kathmandu',
    'Pacific/Niue',
  ]) {
    process.env['TZ'] = TZ
    for (let day = 0; day < 366; day += 1) {
      const date = new Date(Date.UTC(2024, 0, 1 + day, 23, 59, 58))
      const text = srpTimestamp(date)
      assert.match(text, pattern)
      assert.equal(Date.parse(text.replace('UTC ', '') + ' UTC'), date.getTime(), text)
    }
  }
  assert.equal(srpTimestamp(now), timestamp)
})

const good = { salt: 'ab', srpB: '2', secretBlock }
const wrong: [what: string, challenge: object][] = [
  ['B that is zero', { srpB: '0' }],
  ['B that is N', { srpB: N.toString(16) }],
  ['B that is a multiple of N', { srpB: (2n * N).toString(16) }],
  ['B that is above N', { srpB: (N + 1n).toString(16) }],
  ['B that is no hex', { srpB: 'xyz' }],
  ['an empty B', { srpB: '' }],
  ['a huge B', { srpB: 'f'.repeat(100_000) }],
  ['a negative B', { srpB: '-1' }],
  ['a huge salt', { salt: 'f'.repeat(100_000) }],
  ['a salt that is no hex', { salt: '0x1' }],
]
for (const [what, change] of wrong) {
  test(`${what} is refused before anything is derived from the password`, () => {
    const password = {
      toString: () => assert.fail('the password was read'),
    } as unknown as string
    const identity = { ...pool, id: 'ana', password }
    assert.throws(() => answerSrp(createEphemeral(), identity, { ...good, ...change }), RangeError)
  })
}

test('every ephemeral secret is another one of 256 random bits', () => {
  const values = Array.from({ length: 20 }, () => createEphemeral())
  assert.equal(new Set(values.map(({ srpA }) => srpA)).size, 20)
  const bits = values.map(({ secret }) => secret.toString(2).length)
  assert.ok(Math.max(...bits) <= 256 && Math.max(...bits) > 248, String(bits))
  for (const { secret, srpA } of values.slice(0, 3)) assert.equal(srpA, modPow(2n, secret).toString(16))
})

/** A hundred take seconds; SRP_HANDSHAKES=10000 in the environment takes minutes. */
const handshakes = Number(process.env['SRP_HANDSHAKES'] ?? 100)

test(`DS-01 whatever the password and the salt, the server half agrees (${handshakes} handshakes)`, () => {
  for (let round = 0; round < handshakes; round += 1) {
    const salt = randomBytes(1 + (round % 16))
    const identity = {
      ...pool,
      id: `user-${round}`,
      password: randomBytes(1 + (round % 40)).toString('latin1'),
    }
    const { verifier } = createSrpVerifier(identity, salt)
    const v = BigInt(`0x${Buffer.from(verifier, 'base64').toString('hex')}`)
    const b = secretOf(`b${round}`)
    const srpB = ((k * v + modPow(2n, b)) % N).toString(16)
    const client = createEphemeral()
    const { PASSWORD_CLAIM_SIGNATURE } = answerSrp(
      client,
      identity,
      { salt: salt.toString('hex').replace(/^(00)+(?=.)/, ''), srpB, secretBlock },
      now,
    )
    assert.equal(
      PASSWORD_CLAIM_SIGNATURE,
      serverSignature({ srpA: client.srpA, srpB, v, b }, identity, timestamp),
    )
  }
})
