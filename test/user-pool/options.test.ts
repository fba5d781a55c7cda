import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ConfigurationError, UserPool, type UserPoolOptions } from '../../src/index.ts'

const secret = 'k3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecret12'
const good: UserPoolOptions = { userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3' }

function refusedOption(options: Record<string, unknown>, message: RegExp): ConfigurationError {
  try {
    new UserPool(options as unknown as UserPoolOptions)
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    assert.match(error.message, message)
    assert.equal(error.status, 500)
    assert.ok(!inspect(error).includes(secret), 'the error shows a secret')
    return error
  }
  return assert.fail(`taken: ${inspect(options)}`)
}

test('CF-05 an unknown option is refused by name, with the names that exist', () => {
  const error = refusedOption({ ...good, requierdScopes: ['a'] }, /has no option "requierdScopes"/)
  assert.match(error.message, /userPoolId, clientId, clientID, clientSecret, domain, scope/)
  refusedOption({ ...good, region: 'eu-west-1' }, /has no option "region"/)
})

test('CF-05 what is no options object is refused', () => {
  for (const options of [undefined, null, 'eu-west-1_AbCdEf123', [], 7])
    refusedOption(options as never, /UserPool takes an options object: \{ userPoolId, /)
})

const wrong: [keyof UserPoolOptions, unknown[]][] = [
  ['clientSecret', ['', ' ', 'undefined', 'null', null, 7]],
  ['domain', ['', 'undefined', null, 7, 'http://auth.example.com', 'https://u:p@auth.example.com', 'a b']],
  [
    'domain',
    ['https://auth.example.com?x=1', 'https://auth.example.com#x', 'ftp://auth.example.com', '-a', 'A_b'],
  ],
  ['issuer', ['', 'undefined', null, 'sso.example.com', 'http://sso.example.com', 'https://*.example.com']],
  [
    'endpoint',
    ['', null, 'cognito', 'http://10.0.0.1', 'http://localhost.evil.example', 'https://a.example?b'],
  ],
  ['graceSeconds', [-1, 301, Number.NaN, Infinity, '5', null]],
  ['timeoutMs', [0, -1, 60_001, Number.NaN, Infinity, '5000', null]],
  ['verifiedTokens', [2.5, -1, 1_000_001, Number.NaN, Infinity, '2000', null]],
  [
    'scope',
    ['', 'email profile', ['openid', 7], ['openid', 'a b'], 7, null, 'openid  email', ['openid', 'a"b']],
  ],
  ['fetch', ['fetch', null, {}]],
]
for (const [name, values] of wrong) {
  test(`CF-05 a wrong ${name} is refused by name: ${values.map((value) => inspect(value)).join(', ')}`, () => {
    for (const value of values) refusedOption({ ...good, [name]: value }, new RegExp(`"${name}"`))
  })
}

test('CF-02 a user pool id that is none is refused, with the right shape', () => {
  for (const userPoolId of [
    ...[
      'AbCdEf123',
      'eu-west-1',
      'eu-west-1_',
      'eu-west_AbC',
      'eu-west-1:AbC',
      'local_abc',
      '_AbC',
      'eu-west-1_a-b',
    ],
    ...[
      'eu-west-1_AbC/../x',
      'eu-west-1_AbC ',
      'EU-WEST-1_AbC',
      `eu-west-1_${'a'.repeat(56)}`,
      'evil.example/-1_a',
    ],
  ])
    refusedOption({ ...good, userPoolId }, /"userPoolId" must look like "eu-west-1_AbCdEf123"/)
})

test('CF-02 a client id that is none is refused', () => {
  for (const clientId of ['a b', 'a&b', 'a\nb', 'x'.repeat(129), 'a:b'])
    refusedOption({ ...good, clientId }, /"clientId" must be an app client id/)
})

test('clientID is taken for clientId, and both only when they agree', () => {
  const { userPoolId } = good
  assert.equal(new UserPool({ userPoolId, clientID: 'abc1' }).clientId, 'abc1')
  assert.equal(new UserPool({ userPoolId, clientID: 'abc1', clientId: 'abc1' }).clientId, 'abc1')
  refusedOption(
    { userPoolId, clientID: 'abc1', clientId: 'abc2' },
    /"clientId" and "clientID" are the same option/,
  )
})

test('an option that is undefined is absent', () => {
  const options = { ...good, clientSecret: undefined, domain: undefined, scope: undefined, issuer: undefined }
  const all = {
    ...options,
    clientID: undefined,
    endpoint: undefined,
    graceSeconds: undefined,
    timeoutMs: undefined,
  }
  assert.equal(new UserPool({ ...all, fetch: undefined }).clientId, good.clientId)
})

const domains: [domain: string, userPoolId: string, base: string][] = [
  ['shop-dev', 'eu-west-1_AbC1', 'https://shop-dev.auth.eu-west-1.amazoncognito.com'],
  ['shop', 'us-gov-west-1_AbC1', 'https://shop.auth-fips.us-gov-west-1.amazoncognito.com'],
  ['auth.example.com', 'eu-west-1_AbC1', 'https://auth.example.com'],
  ['https://auth.example.com', 'eu-west-1_AbC1', 'https://auth.example.com'],
  ['https://auth.example.com/', 'eu-west-1_AbC1', 'https://auth.example.com'],
  ['https://proxy.example.com/cognito/', 'eu-west-1_AbC1', 'https://proxy.example.com/cognito'],
  ['http://localhost:9229', 'eu-west-1_AbC1', 'http://localhost:9229'],
  ['http://127.0.0.1:9229', 'eu-west-1_AbC1', 'http://127.0.0.1:9229'],
  ['http://[::1]:9229', 'eu-west-1_AbC1', 'http://[::1]:9229'],
]
for (const [domain, userPoolId, base] of domains) {
  test(`the domain "${domain}" of ${userPoolId} is ${base}`, () => {
    const url = new UserPool({ ...good, userPoolId, domain }).logoutUrl('https://app.example.com/')
    assert.equal(url.href.split('?')[0], `${base}/logout`)
  })
}

test('without a domain tokens are still verified, and whatever needs one says so', async () => {
  const userPool = new UserPool(good)
  const needs = { name: 'ConfigurationError', message: /UserPool needs the option "domain"/ }
  assert.throws(() => userPool.logoutUrl('https://app.example.com/'), needs)
  const trip = { callbackURL: 'https://app.example.com/callback', state: 's', nonce: 'n', codeVerifier: 'v' }
  await assert.rejects(userPool.authorizationUrl(trip), needs)
  await assert.rejects(userPool.exchangeCode({ ...trip, code: 'c' }), needs)
  const tokens = { idToken: 'i', accessToken: 'a', refreshToken: 'r' }
  await assert.rejects(userPool.revoke(tokens), needs)
  await assert.rejects(userPool.refresh(tokens), needs)
})

test('no secret shows when a pool is inspected, serialised, or listed', () => {
  const userPool = new UserPool({ ...good, clientSecret: secret })
  const seen = [
    inspect(userPool, { depth: 20, showHidden: true }),
    inspect({ nested: [userPool] }, { depth: 20 }),
    JSON.stringify(userPool),
    Object.values(userPool).map(String).join(),
  ]
  for (const text of seen) assert.ok(!text.includes(secret), text)
})

test('an error about another option shows no secret that was given beside it', () => {
  for (const options of [
    { userPoolId: 'wrong' },
    { clientId: '' },
    { domain: 'http://x' },
    { unknown: 1 },
    { scope: 'x' },
  ])
    refusedOption({ ...good, clientSecret: secret, ...options }, /UserPool/)
  refusedOption({ ...good, clientSecret: [secret] }, /"clientSecret" must be a non-empty string/)
  // A secret in the wrong place is not repeated either.
  for (const name of ['userPoolId', 'domain', 'issuer', 'endpoint', 'scope', 'graceSeconds'])
    refusedOption({ ...good, [name]: `${secret} !` }, new RegExp(`"${name}"`))
})
