import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bearer,
  ConfigurationError,
  CognitoStrategy,
  IdentityPool,
  logout,
  requireAuth,
  requireGroups,
  requireScopes,
  session,
  UserPool,
} from '../../src/index.ts'

let requests = 0
const fetch = async () => {
  requests += 1
  throw new Error('construction asked the network for something')
}
const pool = { userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3', fetch }
const domain = 'https://auth.example.com'
const userPool = new UserPool({ ...pool, domain })
const identityPool = new IdentityPool({ identityPoolId: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c' })
const callbackURL = 'https://app.example.com/callback'

type Make = (options: never) => unknown
const makers = {
  UserPool: (options: never) => new UserPool(options),
  IdentityPool: (options: never) => new IdentityPool(options),
  CognitoStrategy: (options: never) => new CognitoStrategy(options),
  session,
  bearer,
  logout,
  requireAuth,
} satisfies Record<string, Make>

/** What an option is when its environment variable is not set, set to nothing, or stringified on the way. */
const missing: [string, unknown][] = [
  ['missing', undefined],
  ['empty', ''],
  ['blank', ' \t'],
  ['"undefined"', 'undefined'],
  ['"null"', 'null'],
  ['null', null],
]
const rows: [owner: keyof typeof makers, option: string, good: object][] = [
  ['UserPool', 'userPoolId', { ...pool }],
  ['UserPool', 'clientId', { ...pool }],
  ['IdentityPool', 'identityPoolId', {}],
  ['CognitoStrategy', 'userPool', { userPool, callbackURL }],
  ['CognitoStrategy', 'callbackURL', { userPool }],
  ['session', 'userPool', { identityPool }],
  ['bearer', 'userPool', {}],
  ['logout', 'userPool', { returnTo: 'https://app.example.com/' }],
  ['logout', 'returnTo', { userPool }],
]
for (const [owner, option, good] of rows) {
  for (const [how, value] of missing) {
    test(`CF-01 ${owner} refuses a ${option} that is ${how}, at construction`, () => {
      refuses(owner, { ...good, [option]: value }, new RegExp(`${owner}.*"${option}"`))
    })
  }
}

/** Optional ones: undefined is absent, everything else that says nothing is a mistake. */
const optional: [owner: keyof typeof makers, option: string, good: object][] = [
  ['UserPool', 'clientSecret', pool],
  ['UserPool', 'domain', pool],
  ['UserPool', 'issuer', pool],
  ['UserPool', 'endpoint', pool],
  ['IdentityPool', 'endpoint', { identityPoolId: identityPool.identityPoolId }],
  ['IdentityPool', 'client', { identityPoolId: identityPool.identityPoolId }],
  ['CognitoStrategy', 'name', { userPool, callbackURL }],
  ['CognitoStrategy', 'defaultReturnTo', { userPool, callbackURL }],
  ['CognitoStrategy', 'verify', { userPool, callbackURL }],
  ['session', 'identityPool', { userPool }],
  ['bearer', 'identityPool', { userPool }],
  ['bearer', 'tokenUse', { userPool }],
  ['bearer', 'clientId', { userPool }],
  ['bearer', 'required', { userPool }],
  ['logout', 'identityPool', { userPool, returnTo: 'https://app.example.com/' }],
  ['requireAuth', 'loginURL', {}],
]
/** Here an explicit null means "I know, skip this check". */
const nullable = ['tokenUse', 'clientId']
for (const [owner, option, good] of optional) {
  test(`CF-01 ${owner} takes an absent ${option}, and refuses one that says nothing`, () => {
    assert.ok(makers[owner]({ ...good, [option]: undefined } as never))
    for (const [, value] of missing.slice(1)) {
      if (value === null && nullable.includes(option)) continue
      refuses(owner, { ...good, [option]: value }, new RegExp(`${owner}.*"${option}"`))
    }
  })
}

test('CF-01 a strategy needs a pool with a domain', () => {
  refuses(
    'CognitoStrategy',
    { userPool: new UserPool(pool), callbackURL },
    /UserPool needs the option "domain"/,
  )
})

test('CF-01 a pool in the place of another noun is refused', () => {
  refuses('session', { userPool: identityPool }, /"userPool" must be a UserPool: new UserPool/)
  refuses(
    'session',
    { userPool, identityPool: userPool },
    /"identityPool" must be a IdentityPool|an IdentityPool/,
  )
  refuses('bearer', { userPool: pool }, /"userPool" must be a UserPool/)
})

test('CF-01 guards refuse names that are none', () => {
  for (const names of [[], [''], ['a b'], [undefined], [null], [['admin']], ['a"b']]) {
    assert.throws(() => requireGroups(...(names as string[])), ConfigurationError)
    assert.throws(() => requireScopes(...(names as string[])), ConfigurationError)
  }
})

test('CF-02 an identity pool id that is none is refused, with the right shape', () => {
  for (const identityPoolId of [
    'eu-west-1_AbCdEf123',
    'eu-west-1',
    ':128d',
    'eu-west-1:XYZ',
    `eu-west-1:${'a'.repeat(60)}`,
  ])
    refuses('IdentityPool', { identityPoolId }, /"identityPoolId" must look like "eu-west-1:128d0a74/)
})

for (const value of [
  'http://app.example.com/callback',
  '/callback',
  'app.example.com/callback',
  'https://app.example.com/callback#x',
  'https://app.example.com/callback?a=b',
  'https://*.example.com/callback',
  'https://user@app.example.com/callback',
  'https://app.example.com',
  'HTTPS://app.example.com/callback',
  'javascript:alert(1)',
]) {
  test(`CF-04 the callbackURL "${value}" is refused`, () => {
    refuses('CognitoStrategy', { userPool, callbackURL: value }, /CognitoStrategy.*"callbackURL"/)
  })
}

test('CF-05 unknown options are refused everywhere', () => {
  const goods: [keyof typeof makers, object][] = [...rows, ...optional].map(([owner, , good]) => [
    owner,
    good,
  ])
  const complete = { userPool, ...pool, callbackURL, returnTo: 'https://app.example.com/', domain }
  for (const [owner] of goods)
    refuses(owner, { ...complete, unknwon: 1 }, new RegExp(`${owner} has no option`))
})

test('no constructor asks the network for anything', async () => {
  const made = new UserPool({ ...pool, domain })
  new CognitoStrategy({ userPool: made, callbackURL })
  for (const middleware of [session, bearer]) middleware({ userPool: made, identityPool })
  logout({ userPool: made, returnTo: 'https://app.example.com/' })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(requests, 0)
})

function refuses(owner: keyof typeof makers, options: object, message: RegExp): void {
  assert.throws(
    () => makers[owner](options as never),
    (error) => {
      assert.ok(error instanceof ConfigurationError, `not a ConfigurationError: ${String(error)}`)
      assert.match(error.message, message)
      return true
    },
  )
}
