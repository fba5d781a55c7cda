import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { ConfigurationError, ForbiddenError, type TokenRequirements, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { groupsOf, scopesOf } from '../../src/user-pool/claims.ts'
import { refused } from './refusal.ts'
import { createSigner, accessClaims, segment, signingInput } from './signer.ts'

const users = [{ username: 'ana', password: 'Passw0rd!' }]
const signer = createSigner('key1')
const access = { tokenUse: 'access' } as const
let local: LocalCognito
let userPool: UserPool
/** A pool whose only key is the signer's, for payloads that the local Cognito cannot write. */
let signedPool: UserPool

before(async () => {
  local = await startLocalCognito({ users })
})
after(() => local.close())
beforeEach(() => {
  userPool = new UserPool(local.userPool)
  signedPool = new UserPool({ ...local.userPool, fetch: async () => Response.json({ keys: [signer.jwk] }) })
  local.requests.clear()
})

for (const [name, values] of Object.entries({
  exp: [undefined],
  sub: [undefined, ''],
  'cognito:groups': ['admin', { admin: true }, [7], null],
}) as [string, unknown[]][]) {
  for (const value of values) {
    test(`a token whose ${name} is ${JSON.stringify(value) ?? 'absent'} is refused`, async () => {
      const token = await local.issueToken({ ...access, claims: { [name]: value } })
      await refused(userPool.verify(token, access), 'claims', token)
    })
  }
}

for (const [name, value] of [
  ['exp', 'never'],
  ['exp', null],
  ['sub', 7],
  ['scope', ['openid']],
  ['iss', 7],
  ['nbf', 'soon'],
  ['iat', 'just now'],
  ['iat', null],
] as const) {
  test(`a token whose ${name} is ${JSON.stringify(value)} is no token of Cognito`, async () => {
    const token = await local.issueToken({ ...access, claims: { [name]: value } })
    await refused(userPool.verify(token, access), 'malformed', token)
  })
}

for (const tokenUse of [undefined, 'refresh', 7, ['access']]) {
  test(`token_use ${JSON.stringify(tokenUse) ?? 'absent'} is refused, also where either kind is taken`, async () => {
    const token = await local.issueToken({ ...access, claims: { token_use: tokenUse } })
    for (const use of ['access', 'id', null] as const) {
      const error = await refused(userPool.verify(token, { tokenUse: use }), 'token_use')
      assert.match(error.message, /neither an ID nor an access token/)
    }
  })
}

for (const [what, aud, reason] of [
  ['a list of the client alone', 'LIST', 'client'],
  ['a list with another', 'LIST2', 'client'],
  ['another client', 'evil', 'client'],
  ['absent', undefined, 'client'],
] as const) {
  test(`BV-36 an ID token whose aud is ${what} is refused`, async () => {
    const own = local.userPool.clientId
    const value = aud === 'LIST' ? [own] : aud === 'LIST2' ? [own, 'evil'] : aud
    const token = await local.issueToken({ tokenUse: 'id', claims: { aud: value } })
    await refused(userPool.verify(token, { tokenUse: 'id' }), reason, token)
    await refused(userPool.verify(token, { tokenUse: null }), reason, token)
  })
}

test('an access token without a client_id is refused', async () => {
  const token = await local.issueToken({ ...access, claims: { client_id: undefined } })
  await refused(userPool.verify(token, access), 'client', token)
})

test('BV-34 only an absent typ, JWT and at+jwt are taken', async () => {
  for (const typ of [undefined, 'JWT', 'at+jwt']) {
    const token = await local.issueToken({ ...access, header: { typ } })
    assert.equal((await userPool.verify(token, access)).token_use, 'access')
  }
  local.requests.clear()
  for (const typ of ['logout+jwt', 'dpop+jwt', 'jwt+evil', '', 7, null, ['JWT']]) {
    const token = await local.issueToken({ ...access, header: { typ } })
    await refused(userPool.verify(token, access), 'malformed', token)
  }
  assert.equal(local.requests.count('jwks'), 0)
})

for (const crit of [['b64'], ['exp'], [], 'exp', null]) {
  test(`crit ${JSON.stringify(crit)} is refused without fetching keys`, async () => {
    const token = await local.issueToken({ ...access, header: { crit, b64: false } })
    await refused(userPool.verify(token, access), 'malformed', token)
    assert.equal(local.requests.count('jwks'), 0)
  })
}

for (const kid of [undefined, '', 7, null, ['key1']]) {
  test(`kid ${JSON.stringify(kid) ?? 'absent'} is refused without fetching keys`, async () => {
    const token = await local.issueToken({ ...access, header: { kid } })
    await refused(userPool.verify(token, access), 'malformed', token)
    assert.equal(local.requests.count('jwks'), 0)
  })
}

test('BV-15 names of object members as kid find no key, and cause one fetch in all', async () => {
  for (const kid of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    // Written as text: an object literal would set its prototype instead.
    const token = signer.sign(accessClaims(userPool))
    const header = segment(`{"kid":"${kid}","alg":"RS256"}`)
    await refused(userPool.verify([header, ...token.split('.').slice(1)].join('.'), access), 'unknown_key')
  }
  assert.equal(local.requests.count('jwks'), 1)
})

test('BV-30 a token over 16 kB is refused unread, however deep its payload', async () => {
  const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  const tokens = [
    signer.sign(accessClaims(signedPool, { filler: 'x'.repeat(12_800) })),
    signer.sign(accessClaims(signedPool, { filler: 'x'.repeat(64_000) })),
    `${signingInput({ alg: 'RS256', kid: 'key1' }, deep)}.c2ln`,
    `${'e'.repeat(5_000_000)}.${'e'.repeat(100)}.e`,
    '.'.repeat(5_000_000),
  ]
  for (const token of tokens) {
    const start = performance.now()
    await refused(signedPool.verify(token, access), 'malformed')
    assert.ok(performance.now() - start < 100, `${token.length} characters take too long`)
  }
})

test('BV-30 a token of 16,384 characters is taken, however often it comes, and one of 16,385 is not', async () => {
  const sized = (filler: number, header = {}) =>
    signer.sign(accessClaims(signedPool, { filler: 'x'.repeat(filler) }), header)
  const near = 11_000 + Math.floor(((16_384 - sized(11_000).length) * 3) / 4)
  // Not every length is that of some base64url text, so the header gives what the payload cannot.
  const lengths = new Set<number>()
  for (let filler = near - 40; filler < near + 5; filler += 1) {
    for (const token of [sized(filler), sized(filler, { typ: 'JWT' })]) {
      if (token.length < 16_384 || token.length > 16_385 || lengths.has(token.length)) continue
      lengths.add(token.length)
      for (let round = 0; round < 2; round += 1) {
        const answer = signedPool.verify(token, access)
        if (token.length === 16_385) await refused(answer, 'malformed')
        else assert.equal((await answer).token_use, 'access')
      }
    }
  }
  assert.deepEqual([...lengths].sort(), [16_384, 16_385])
})

test('what is no compact JWS is malformed', async () => {
  const [header = '', payload = '', signature = ''] = signer.sign(accessClaims(signedPool)).split('.')
  const broken = [
    ...['', '.', '..', 'a.b', `${header}.${payload}`, `${header}.${payload}.${signature}.`],
    ...[`${header}..${signature}`, `.${payload}.${signature}`, ` ${header}.${payload}.${signature}`],
    ...[`${header}.${payload}.${signature}\n`, `${header}.${payload}.%${signature}`],
    ...['[]', '7', 'null', '"x"', '{', '{"alg":"RS256"'].map(
      (text) => `${segment(text)}.${payload}.${signature}`,
    ),
  ]
  for (const token of broken) await refused(signedPool.verify(token, access), 'malformed')
  const values: unknown[] = [undefined, null, 7, {}, [], Buffer.from('a.b.c')]
  for (const value of values) await refused(signedPool.verify(value as string, access), 'malformed')
})

test('a payload that is no JSON object is malformed, though its signature is good', async () => {
  for (const text of ['[]', '7', 'null', '"x"', '{', 'x'])
    await refused(signedPool.verify(signer.sign(text), access), 'malformed')
})

test('BV-32 members that could reach a prototype are absent from the claims', async () => {
  const text = JSON.stringify(accessClaims(signedPool)).replace(
    /^\{/,
    '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"nested":{"__proto__":{"admin":true}},',
  )
  const claims = await signedPool.verify(signer.sign(text), access)
  assert.deepEqual(
    Object.keys(claims).filter((name) => /proto|constructor/.test(name)),
    [],
  )
  const copy = Object.assign({}, claims) as Record<string, unknown>
  assert.equal(copy['admin'], undefined)
  assert.equal(({} as { admin?: unknown }).admin, undefined)
  assert.equal(Object.getPrototypeOf(claims), Object.prototype)
  assert.equal(Object.hasOwn(claims['nested'] as object, '__proto__'), false)
})

for (const member of [
  '"__proto__":{"admin":true}',
  '"constructor":{"prototype":{"admin":true}}',
  String.raw`"\u005f_proto__":{"admin":true}`,
  String.raw`"const\u0072uctor":{"prototype":{"admin":true}}`,
  '"nested":[{"__proto__":{"admin":true}}]',
  '"prototype":{"admin":true}',
  '"nested":[{"prototype":{"admin":true}}]',
]) {
  test(`BV-32 of the member ${member} nothing is in the claims, also when it comes alone`, async () => {
    const text = JSON.stringify(accessClaims(signedPool)).replace(/^\{/, () => `{${member},`)
    const claims = await signedPool.verify(signer.sign(text), access)
    assert.deepEqual(
      [claims, ...((claims['nested'] as object[] | undefined) ?? [])].flatMap((value) =>
        Object.getOwnPropertyNames(value).filter((name) => /proto|constructor/.test(name)),
      ),
      [],
    )
    assert.equal((Object.assign({}, claims) as Record<string, unknown>)['admin'], undefined)
  })
}

test('BV-33 of a member that comes twice, what was checked is what is seen', async () => {
  const text = JSON.stringify(accessClaims(signedPool, { sub: 'first' })).replace(/\}$/, ',"sub":"last"}')
  assert.equal((await signedPool.verify(signer.sign(text), access)).sub, 'last')
  const use = JSON.stringify(accessClaims(signedPool)).replace(/\}$/, ',"token_use":"id"}')
  await refused(signedPool.verify(signer.sign(use), access), 'client')
})

async function forbidden(requirements: Partial<TokenRequirements>, claims: object): Promise<ForbiddenError> {
  const token = await local.issueToken({ ...access, claims: { ...claims } })
  const error = await userPool.verify(token, { ...access, ...requirements }).then(
    () => assert.fail('accepted'),
    (refusal: unknown) => refusal,
  )
  assert.ok(error instanceof ForbiddenError, String(error))
  assert.equal(error.status, 403)
  return error
}

test('BV-25 a scope is a whole word: what only looks like it is 403 with the scope named', async () => {
  for (const scope of ['orders/readonly', 'read', 'orders/read:all', 'ORDERS/READ', '', undefined]) {
    const error = await forbidden({ scope: 'orders/read' }, { scope })
    const expected = 'Bearer realm="cognito", error="insufficient_scope", scope="orders/read"'
    assert.deepEqual(error.headers, { 'WWW-Authenticate': expected })
  }
})

test('every one of several scopes is needed', async () => {
  const claims = { scope: 'openid a/1 a/2' }
  const token = await local.issueToken({ ...access, claims })
  for (const scope of ['a/1', 'a/1 a/2', ['a/2', 'a/1']])
    assert.equal((await userPool.verify(token, { ...access, scope })).scope, claims.scope)
  for (const scope of ['a/1 a/3', ['a/3', 'a/1']]) await forbidden({ scope }, claims)
})

test('BV-26 a group is matched exactly: look-alikes are 403, without a challenge', async () => {
  for (const groups of [['admins-ro'], ['Admins'], ['admin'], [], undefined]) {
    const error = await forbidden({ groups: 'admins' }, { 'cognito:groups': groups })
    assert.deepEqual(error.headers, {})
  }
})

test('any one of several groups is enough', async () => {
  const claims = { 'cognito:groups': ['readers', 'a group'] }
  const token = await local.issueToken({ ...access, claims })
  for (const groups of ['a group', ['admins', 'readers']])
    assert.equal((await userPool.verify(token, { ...access, groups })).token_use, 'access')
  await forbidden({ groups: ['admins', 'reader'] }, claims)
})

test('an empty list of scopes asks for nothing, and an empty list of groups lets nobody in', async () => {
  const token = await local.issueToken(access)
  assert.equal((await userPool.verify(token, { ...access, scope: [] })).token_use, 'access')
  await forbidden({ groups: [] }, { 'cognito:groups': ['admin'] })
})

const nonsense: [string, unknown][] = [
  ['nothing', undefined],
  ['no tokenUse', {}],
  ['a tokenUse that is undefined', { tokenUse: undefined }],
  ['a misspelt tokenUse', { tokenUse: 'acess' }],
  ['a misspelt name', { tokenUse: 'access', group: 'admin' }],
  ['scopes', { tokenUse: 'access', scopes: ['a/1'] }],
  ['an empty client', { tokenUse: 'access', clientId: '' }],
  ['a list of unset clients', { tokenUse: 'access', clientId: [undefined] }],
  ['a scope that is null', { tokenUse: 'access', scope: null }],
  ['groups that are no names', { tokenUse: 'access', groups: 7 }],
]
for (const [what, requirements] of nonsense) {
  test(`CF-05 requirements with ${what} are the developer's mistake, and no check that never happens`, async () => {
    const token = await local.issueToken(access)
    await assert.rejects(userPool.verify(token, requirements as TokenRequirements), (error) => {
      assert.equal((error as Error).name, ConfigurationError.name, String(error))
      assert.match((error as Error).message, /^verify(:| has no option| takes an options object)/)
      return true
    })
  })
}

test('requirements that the caller changes afterwards are checked as they stand at each call', async () => {
  const token = await local.issueToken({ ...access, claims: { scope: 'a/1', 'cognito:groups': ['staff'] } })
  const requirements: { -readonly [Name in keyof TokenRequirements]: TokenRequirements[Name] } = {
    tokenUse: 'access',
    scope: 'a/1',
    groups: 'staff',
  }
  const allowed = await userPool.verify(token, requirements)
  assert.equal(await userPool.verify(token, requirements), allowed)
  requirements.scope = 'a/2'
  await assert.rejects(userPool.verify(token, requirements), { name: 'ForbiddenError' })
  Object.assign(requirements, { scope: 'a/1', groups: 'admin' })
  await assert.rejects(userPool.verify(token, requirements), { name: 'ForbiddenError' })
  Object.assign(requirements, { groups: 'staff', clientId: 'another' })
  await refused(userPool.verify(token, requirements), 'client')
  Object.assign(requirements, { clientId: null, tokenUse: 'id' })
  await refused(userPool.verify(token, requirements), 'token_use')
})

test('the scopes are the words of an access token, the groups those of the claim; where there are none, none', async () => {
  const rows: [claims: Record<string, unknown>, scopes: string[], groups: string[]][] = [
    [
      { scope: 'openid a/1', 'cognito:groups': ['staff', 'a group'] },
      ['openid', 'a/1'],
      ['staff', 'a group'],
    ],
    [{ scope: ' openid  a/1 ', 'cognito:groups': [] }, ['openid', 'a/1'], []],
    [{ scope: '', 'cognito:groups': undefined }, [], []],
    [{ scope: undefined, 'cognito:groups': undefined }, [], []],
  ]
  for (const [claims, scopes, groups] of rows) {
    const token = await local.issueToken({ ...access, claims })
    const verified = await userPool.verify(token, access)
    assert.deepEqual([scopesOf(verified), groupsOf(verified)], [scopes, groups])
  }
  const id = await userPool.verify(await local.issueToken({ tokenUse: 'id' }), { tokenUse: 'id' })
  assert.deepEqual(scopesOf(id), [])
})

test('an ID token that names another authorized party is refused, and one that names its own client taken', async () => {
  const verify = (token: string) => userPool.verify(token, { tokenUse: 'id' })
  const issue = (azp: unknown) => local.issueToken({ tokenUse: 'id', claims: { azp } })
  assert.equal((await verify(await issue(userPool.clientId))).token_use, 'id')
  for (const azp of ['another', '', [userPool.clientId], null]) {
    const token = await issue(azp)
    await refused(verify(token), 'client', token)
  }
})
