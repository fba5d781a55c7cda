import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  bearer,
  CognitoStrategy,
  ConfigurationError,
  IdentityPool,
  logout,
  requireAuth,
  requireGroups,
  requireScopes,
  session,
  UserPool,
} from '../../src/index.ts'

const secret = 'k3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecretk3pt5ecret12'
const pool = { userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3' }
const identity = { identityPoolId: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c' }
const userPool = new UserPool({ ...pool, domain: 'https://auth.example.com' })
const identityPool = new IdentityPool(identity)
const returnTo = 'https://app.example.com/'
const callbackURL = 'https://app.example.com/callback'

type Maker = [good: object, make: (options: never) => unknown, names: string[]]
const makers: Record<string, Maker> = {
  UserPool: [
    { ...pool, clientSecret: secret },
    (options) => new UserPool(options),
    [
      'userPoolId',
      'clientId',
      'clientID',
      'domain',
      'scope',
      'issuer',
      'endpoint',
      'graceSeconds',
      'timeoutMs',
      'verifiedTokens',
      'fetch',
    ],
  ],
  IdentityPool: [
    identity,
    (options) => new IdentityPool(options),
    ['identityPoolId', 'endpoint', 'timeoutMs', 'client'],
  ],
  CognitoStrategy: [
    { userPool, callbackURL },
    (options) => new CognitoStrategy(options),
    ['userPool', 'callbackURL', 'name', 'defaultReturnTo', 'verify'],
  ],
  bearer: [
    { userPool },
    bearer,
    ['userPool', 'identityPool', 'tokenUse', 'clientId', 'required', 'allowMachineTokens', 'staleBefore'],
  ],
  session: [
    { userPool, identityPool },
    session,
    ['userPool', 'identityPool', 'staleBefore', 'maxAgeSeconds'],
  ],
  logout: [{ userPool, returnTo }, logout, ['userPool', 'identityPool', 'returnTo']],
  requireAuth: [{}, requireAuth, ['loginURL', 'check']],
}

/** Values of every type, among them those on which careless checks trip. */
const anything = fc.oneof(
  fc.anything({
    withNullPrototype: true,
    withBigInt: true,
    withDate: true,
    withMap: true,
    withTypedArray: true,
  }),
  fc.constantFrom(
    Symbol('x'),
    NaN,
    Infinity,
    -1,
    -0,
    1e21,
    '5',
    '',
    ' ',
    '\0',
    'undefined',
    'null',
    [],
    {},
    () => 1,
    [[]],
  ),
  fc.constantFrom(
    { toString: null },
    { toString: () => secret },
    new Proxy({}, {}),
    Object.create(null),
    new URL(returnTo),
  ),
  fc.constantFrom(
    `https://u:${secret}@a.example/`,
    `http://${secret}.example/`,
    `https://a.example/#${secret}`,
  ),
)

/** The constructor takes the options or says in its own words which one is wrong, without repeating its value. */
function assertChecked(name: string, make: () => unknown, given: string): void {
  try {
    make()
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, `${name} with ${given}: ${String(error)}`)
    assert.match(error.message, new RegExp(`^${name}\\b`))
    assert.ok(!inspect(error, { depth: 5, showHidden: true }).includes(secret), 'the error shows a secret')
  }
}

for (const [name, [good, make, names]] of Object.entries(makers)) {
  test(`CF-05 ${name} takes any one option of any type, or throws a ConfigurationError that names it (1,000, seeded)`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anything, (option, value) => {
        const options = { ...good, [option]: value } as never
        assertChecked(name, () => make(options), option)
      }),
      { seed: 5, numRuns: 1_000 },
    )
  })

  test(`CF-05 ${name} refuses every option that it does not know (seeded)`, () => {
    const unknown = fc.oneof(
      fc.string(),
      fc.constantFrom('region', 'requierdScopes', 'clientid', 'toString', 'constructor'),
    )
    fc.assert(
      fc.property(unknown, (option) => {
        if (Object.hasOwn(good, option) || names.includes(option)) return
        const options = Object.fromEntries([...Object.entries(good), [option, 'x']]) as never
        assert.throws(() => make(options), { name: 'ConfigurationError' }, option)
      }),
      { seed: 6, numRuns: 500 },
    )
  })

  test(`CF-05 ${name} refuses what is no options object, whatever it is (seeded)`, () => {
    fc.assert(
      fc.property(anything, (value) => assertChecked(name, () => make(value as never), typeof value)),
      { seed: 7, numRuns: 500 },
    )
  })
}

test('CF-05 guards take names or throw a ConfigurationError, and leave out nothing that they are given', () => {
  const name = fc.oneof({ weight: 2, arbitrary: fc.constantFrom('admin', 'a/b') }, anything)
  fc.assert(
    fc.property(fc.array(name, { maxLength: 3 }), (names) => {
      for (const [owner, guard] of [
        ['requireGroups', requireGroups],
        ['requireScopes', requireScopes],
      ] as const)
        assertChecked(owner, () => guard(...(names as string[])), 'names')
    }),
    { seed: 8, numRuns: 1_000 },
  )
  const mixed = [{ any: ['admin'] }, 'staff'] as unknown as string[]
  assert.throws(() => requireGroups(...mixed), ConfigurationError)
})

test('CF-02 the Region follows from the ids alone: none can be given beside them, the same one neither', () => {
  for (const region of ['eu-west-1', 'us-east-1', '']) {
    assert.throws(() => new UserPool({ ...pool, region } as never), /UserPool has no option "region"/)
    assert.throws(
      () => new IdentityPool({ ...identity, region } as never),
      /IdentityPool has no option "region"/,
    )
  }
  assert.deepEqual([userPool.region, identityPool.region], ['eu-west-1', 'eu-west-1'])
  const elsewhere = new UserPool({ ...pool, userPoolId: 'us-east-1_AbCdEf123' })
  assert.equal(elsewhere.issuer, 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123')
})

test('CF-04 callback and sign-out URLs are https, or http on loopback, and their errors repeat no secret', () => {
  const makes = {
    CognitoStrategy: (value: string) => new CognitoStrategy({ userPool, callbackURL: value }),
    logout: (value: string) => logout({ userPool, returnTo: value }),
  }
  const wrong = [
    ...[
      'http://app.example.com/x',
      'http://localhost.evil.example/x',
      'http://127.0.0.1.evil.example/x',
      'http://10.0.0.1/x',
    ],
    ...[
      'https://app.example.com/x#y',
      'https://app.example.com/x#',
      '/x',
      'x',
      '//app.example.com/x',
      'https://',
      'app://x',
    ],
    ...[
      'https://*.example.com/x',
      'https://app.example.com/*',
      `https://u:${secret}@app.example.com/x`,
      'javascript:x',
    ],
  ]
  for (const [name, make] of Object.entries(makes)) {
    for (const value of wrong) {
      assert.throws(() => make(value), ConfigurationError, value)
      assertChecked(name, () => make(value), value)
    }
    for (const value of [
      'https://app.example.com/x',
      'http://localhost:3000/x',
      'http://127.0.0.1:1/x',
      'http://[::1]:1/x',
    ])
      assert.ok(make(value))
  }
})
