import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { g, hash, k, N, numberOf, pad, power } from '../../src/local/srp/group.ts'
import { beginExchange, claimSignature, sessionKey, verifierOf } from '../../src/local/srp/server.ts'
import { parseTimestamp } from '../../src/local/srp/timestamp.ts'

const sha = (number: bigint) => createHash('sha256').update(number.toString(16)).digest('hex')
const seed = (text: string) => numberOf(hash(text))
const secretBlock = Buffer.from('cognito-facts secret block: opaque server state').toString('base64')
const timestamp = 'Tue May 7 00:09:40 UTC 2024'
const taro = {
  identity: { name: 'AbCdEf123', id: 'taro@example.com' },
  password: 'パスワード-Ünï1!',
  salt: '00c5a9b1b7e2f3041526374859607182',
  a: 'facts-a-edge-2',
  A: 'f70cefc7250a74e4e5d88636125a607c067af306d180406801a4a2395e3e0667',
  v: 'ebd0fb3a2a3e948683a56d0058d608ea3da45534d74c03b3f3d1b3981ddff363',
}

for (const [what, vector] of Object.entries({
  'a user': {
    identity: { name: 'AbCdEf123', id: '3f6b7c1e-2a4d-4e8f-9b0a-5c6d7e8f9a0b' },
    password: 'Tr0ub4dor&3',
    salt: 'baf4431cdaa37c04c0d655a99f5e9b9b',
    a: 'facts-a-1',
    b: 'facts-b-1',
    A: 'c5787345e22ea9b12d4c6c8cd426c7a895a959d4d01a31932276c306594f9f2b',
    B: '6754078b2d423a29c9b9576fe614d9cb4030ce0bd81c862bea07bd8a9f51044a',
    v: 'fbd6f4bad9e6e1bf5ff9ebc47e65e151218437c79dca569561759c1ef1c46848',
    K: 'c330fc641c69b87051db277838ef40cc',
    signature: 'vCzhH8hvMuz5WSBFbp0GrzHmnmBgZNBnitPyjZtAr00=',
  },
  'an A with an odd number of digits, a u and a salt with a leading zero byte, a password beyond ASCII': {
    ...taro,
    b: 'facts-b-edge-592',
    B: '5b202d359955cdfafe4691334753af0663cbb6267940c7a5223d730beabe6ee6',
    K: '5db8c45637010d71f2fab1456ff1be29',
    signature: 'iEFDRoJWV/yJ95VZSUFQMJp5R5EsyJWduRejqeuxvPM=',
  },
  'an S with 766 digits': {
    ...taro,
    b: 'facts-b-oddS-326',
    B: 'a6682b805ef4afc4b56e07057862c314fbd32cba317d2bcdb4f70f868540a165',
    K: '59feda8a6940a4e4fbb5a3d11e17f891',
    signature: 'HIWJy+UsmgIWdEtRBdYRtDTk7TDfVlLp7Ygn4S3A2V0=',
  },
  'a device': {
    identity: { name: '-AbCdEfGhI', id: 'ap-northeast-1_0c7d4c3a-91f2-4b6e-8d5a-7e3f1a2b4c6d' },
    password: 'eobtCxTaWIQTyqYJ/bOUkvAz4wzQ09BrwFZdQY0GwpIy+eCN929d5A==',
    salt: '634499d7019e4d1118f9aa883e3f0cb6',
    a: 'facts-a-1',
    b: 'facts-db-1',
    A: 'c5787345e22ea9b12d4c6c8cd426c7a895a959d4d01a31932276c306594f9f2b',
    B: '83a94f09f61e94f783f690b041b62b3917237928b30f3f0b018d5893cb01cbd0',
    v: undefined,
    K: '7421957dee0e6673890201b336824500',
    signature: 'MtmY8WmPqmg+O7AITYIYMObgQgrbNnxMXNIXXgwemvc=',
  },
})) {
  test(`SRP computes what two other implementations compute for ${what}`, () => {
    const verifier = verifierOf(vector.identity, vector.password, BigInt(`0x${vector.salt}`))
    const A = power(g, seed(vector.a))
    const exchange = beginExchange(vector.identity, verifier, A, seed(vector.b))
    assert.notEqual(exchange, undefined)
    if (exchange === undefined) return
    assert.equal(sha(A), vector.A)
    assert.equal(sha(exchange.B), vector.B)
    if (vector.v !== undefined) assert.equal(sha(verifier.v), vector.v)
    assert.equal(sessionKey(exchange).toString('hex'), vector.K)
    assert.equal(claimSignature(exchange, secretBlock, timestamp), vector.signature)
  })
}

test('the verifier of a device is 385 bytes, with the zero in front that Java writes', () => {
  const identity = { name: '-AbCdEfGhI', id: 'ap-northeast-1_0c7d4c3a-91f2-4b6e-8d5a-7e3f1a2b4c6d' }
  const salt = BigInt('0x634499d7019e4d1118f9aa883e3f0cb6')
  const { v } = verifierOf(identity, 'eobtCxTaWIQTyqYJ/bOUkvAz4wzQ09BrwFZdQY0GwpIy+eCN929d5A==', salt)
  const base64 = pad(v).toString('base64')
  assert.equal(pad(v).length, 385)
  assert.equal(
    createHash('sha256').update(base64).digest('hex'),
    '7652b6b7939d59d793b86338647475d97e580c76754d85e7c9b7ef959bbaf4e5',
  )
  assert.equal(pad(salt).toString('base64'), 'Y0SZ1wGeTREY+aqIPj8Mtg==')
})

test('the multiplier is that of the group', () => {
  assert.equal(k.toString(16), '538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6')
})

test('the hash of a password and its pool is that of cognito-srp-helper', () => {
  const id = 'a2c2e290-6d0f-4a08-a5ca-f0162935f3a6'
  const digest = hash(`eYpv1mFHB${id}:Qwerty1!`).toString('hex')
  assert.equal(digest, 'cd9896b264dc8dca270b0b74b039cf775ea70afb06bd253f5e0ffe7197224aa3')
})

test('numbers are padded to whole bytes, and with a zero byte where the top bit is set', () => {
  const padded = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 0x7fffn, 0x8000n].map((n) => pad(n).toString('hex'))
  assert.deepEqual(padded, ['00', '01', '7f', '0080', '00ff', '0100', '7fff', '008000'])
})

test('an A that is a multiple of N begins no exchange', () => {
  const identity = { name: 'AbCdEf123', id: 'ana' }
  const verifier = verifierOf(identity, 'Passw0rd!', 1n)
  for (const A of [0n, N, 2n * N]) assert.equal(beginExchange(identity, verifier, A, 3n), undefined)
  assert.notEqual(beginExchange(identity, verifier, N + 1n, 3n), undefined)
})

test('a timestamp has English names, UTC and a day without a leading zero', () => {
  assert.equal(parseTimestamp(timestamp), Date.UTC(2024, 4, 7, 0, 9, 40))
  assert.equal(parseTimestamp('Fri Nov 27 23:59:59 UTC 2026'), Date.UTC(2026, 10, 27, 23, 59, 59))
  for (const wrong of [
    'Tue May 07 00:09:40 UTC 2024',
    'Di Mai 7 00:09:40 UTC 2024',
    '2024-05-07T00:09:40Z',
    'Tue May 7 25:09:40 UTC 2024',
    '',
  ]) {
    assert.equal(parseTimestamp(wrong), undefined, wrong)
  }
})
