// The malformations of the Wycheproof vectors for JWS and RSA PKCS #1 v1.5 signatures, class by class, made anew over
// keys and payloads of our own (the published vectors are not copied here): wrong hashes, BER in place of DER, padding,
// numbers out of range, and the JOSE level around them. Each is signed with the pool's real key where a key is used.
import assert from 'node:assert/strict'
import { constants, createSign, generateKeyPairSync, sign } from 'node:crypto'
import { after, before, test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { accessClaims, createSigner, segment, signingInput } from '../user-pool/signer.ts'
import { type BearerApp, invalidToken, startBearerApp, wire } from './bearer-app.ts'
import { control, signatureFaults } from './bearer-signature-faults.ts'

const signer = createSigner('key1')
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const keys = [signer.jwk, { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec1', use: 'sig', alg: 'ES256' }]
const userPool = new UserPool({
  userPoolId: 'eu-west-1_AbCdEf123',
  clientId: '4ifa83b1k2example9c0d1e2f3',
  fetch: async () => Response.json({ keys }),
})
const claims = accessClaims(userPool)
const header = { alg: 'RS256', kid: 'key1' }
let app: BearerApp

before(async () => {
  app = await startBearerApp(userPool)
})
after(() => app.close())

async function refused(token: string, what: string): Promise<void> {
  const ran = app.handled
  const { status, headers } = await wire(app.url, [`Authorization: Bearer ${token}`])
  assert.deepEqual([status, headers.get('www-authenticate'), app.handled - ran], [401, invalidToken, 0], what)
}

async function taken(token: string): Promise<void> {
  assert.equal((await wire(app.url, [`Authorization: Bearer ${token}`])).status, 200)
}

test('BV-41 a signature made by hand, byte for byte as it must be, is taken', () => {
  const input = signingInput(header, claims)
  return taken(`${input}.${segment(control(input, signer.privateKey))}`)
})

test(`BV-41 ${signatureFaults.length} malformed signatures by the right key are refused`, async () => {
  assert.ok(signatureFaults.length >= 75)
  for (const [what, make] of signatureFaults) {
    const input = signingInput(header, claims)
    await refused(`${input}.${segment(make(input, signer.privateKey))}`, what)
  }
})

test('BV-41 other algorithms are refused, also with a good signature of theirs by a key of the pool', async () => {
  const rsa =
    (hash: string, pss = false) =>
    (input: string) =>
      sign(hash, Buffer.from(input), {
        key: signer.privateKey,
        padding: pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING,
        ...(pss && { saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
      })
  const ecdsa = (dsaEncoding: 'der' | 'ieee-p1363') => (input: string) =>
    sign('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding })
  const rows: [alg: unknown, kid: string, make: (input: string) => Buffer][] = [
    ['RS384', 'key1', rsa('sha384')],
    ['RS512', 'key1', rsa('sha512')],
    ['PS256', 'key1', rsa('sha256', true)],
    ['PS384', 'key1', rsa('sha384', true)],
    ['PS512', 'key1', rsa('sha512', true)],
    ['RS1', 'key1', rsa('sha1')],
    ['ES256', 'ec1', ecdsa('ieee-p1363')],
    ['ES256', 'ec1', ecdsa('der')],
    ['RS256', 'ec1', ecdsa('ieee-p1363')],
    ['RS256', 'ec1', rsa('sha256')],
    ['ES256', 'key1', rsa('sha256')],
    ['ES256', 'ec1', () => Buffer.alloc(64)],
    ...[
      'rs256',
      'Rs256',
      'RS256 ',
      ' RS256',
      'RS256\0',
      'RS2567',
      'RSA',
      'sha256',
      ['RS256'],
      { 0: 'RS256' },
    ].map((alg): (typeof rows)[0] => [alg, 'key1', rsa('sha256')]),
  ]
  for (const [alg, kid, make] of rows) {
    const input = signingInput({ alg, kid }, claims)
    await refused(`${input}.${segment(make(input))}`, JSON.stringify({ alg, kid }))
  }
})

/** Signs whatever stands before the last dot, as the pool would. */
const signText = (input: string) =>
  `${input}.${segment(createSign('RSA-SHA256').update(input).sign(signer.privateKey))}`

test('BV-41 other texts of a header or payload are refused, though the pool signed that very text', async () => {
  const [head, body] = [segment(JSON.stringify(header)), segment(JSON.stringify(claims))]
  await taken(signText(`${head}.${body}`))
  const texts: Record<string, string> = {
    'padding after the header': `${segment('{"alg":"RS256","kid":"key1" }')}=.${body}`,
    'the standard alphabet': `${head}.${Buffer.from(JSON.stringify({ ...claims, x: '???>>>' }))
      .toString('base64')
      .replace(/=+$/, '')}`,
    'base64url of base64url': `${segment(head)}.${segment(body)}`,
    'a dot in front': `.${head}.${body}`,
    'a dot between': `${head}..${body}`,
    'an empty header': `.${body}`,
    'no header at all': body,
    'a byte order mark in the header': `${segment(`\ufeff${JSON.stringify(header)}`)}.${body}`,
    'UTF-16': `${Buffer.from(JSON.stringify(header), 'utf16le').toString('base64url')}.${body}`,
    'a header that is a list': `${segment(JSON.stringify([header]))}.${body}`,
    'a header that is a string': `${segment(JSON.stringify(JSON.stringify(header)))}.${body}`,
    'something after the header': `${segment(`${JSON.stringify(header)}{}`)}.${body}`,
    'a comment in the header': `${segment('{"alg":"RS256",/**/"kid":"key1"}')}.${body}`,
    'single quotes': `${segment("{'alg':'RS256','kid':'key1'}")}.${body}`,
    'no alg': `${segment('{"kid":"key1"}')}.${body}`,
    'no kid': `${segment('{"alg":"RS256"}')}.${body}`,
    'alg twice, the last one none': `${segment('{"alg":"RS256","kid":"key1","alg":"none"}')}.${body}`,
    'an unencoded payload': `${segment('{"alg":"RS256","kid":"key1","b64":false,"crit":["b64"]}')}.${body}`,
    'critical exp': `${segment('{"alg":"RS256","kid":"key1","crit":["exp"]}')}.${body}`,
    'no payload': `${head}.`,
    'an empty payload': `${head}.${segment('')}`,
    'a payload of spaces': `${head}.${segment('  ')}`,
    'a payload that is a list': `${head}.${segment(JSON.stringify([claims]))}`,
    'a payload that is a string': `${head}.${segment(JSON.stringify(JSON.stringify(claims)))}`,
    'a payload that is a number': `${head}.${segment('7')}`,
    'a payload that is null': `${head}.${segment('null')}`,
    'a payload cut short': `${head}.${segment(JSON.stringify(claims).slice(0, -1))}`,
    'something after the payload': `${head}.${segment(`${JSON.stringify(claims)},`)}`,
    'a payload of bytes': `${head}.${segment(Buffer.from([0xff, 0xfe, 0x00, 0x80]))}`,
    'a token in a token': `${head}.${segment(signText(`${head}.${body}`))}`,
  }
  for (const [what, input] of Object.entries(texts)) await refused(signText(input), what)
})

test('BV-41 the JSON serialisations of a JWS are refused', async () => {
  const [head = '', body = '', signature = ''] = signText(signingInput(header, claims)).split('.')
  const flattened = { protected: head, payload: body, signature }
  const general = { payload: body, signatures: [{ protected: head, signature }] }
  for (const json of [flattened, general]) {
    // Neither spaces nor commas may come in a header: each is refused as a token, encoded, and by verify() itself.
    await refused(segment(JSON.stringify(json)), 'JSON')
    await assert.rejects(userPool.verify(JSON.stringify(json), { tokenUse: 'access' }), {
      reason: 'malformed',
    })
  }
  for (const other of [
    `${head}.${body}`,
    `${head}.${body}.${signature}.`,
    `${head}.${body}.${signature}.${signature}.x`,
  ])
    await refused(other, 'segments')
})
