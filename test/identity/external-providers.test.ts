import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { IdentityPool, loginProviders, type Logins } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'

const oidc = 'idp.example.jp/tenant'
const saml = 'arn:aws:iam::000000000000:saml-provider/office'

describe('external identity providers', () => {
  let local: LocalCognito
  let pool: IdentityPool
  before(async () => {
    local = await startLocalCognito({
      users: [ana],
      groups: [{ name: 'admin' }],
      identityPool: {
        supportedLoginProviders: {
          [loginProviders.facebook]: '7346241598935555',
          [loginProviders.google]: '123456789012.apps.googleusercontent.com',
          [loginProviders.amazon]: 'amzn1.application-oa2-client.188a56d827a7d6555a8b67a5d',
          [loginProviders.apple]: 'com.example.app',
          [loginProviders.twitter]: 'consumerKey;consumerSecret',
        },
        openIdConnectProviders: [
          { arn: `arn:aws:iam::000000000000:oidc-provider/${oidc}`, clientIds: ['shop'] },
        ],
        samlProviderArns: [saml],
      },
    })
  })
  after(() => local.close())
  beforeEach(() => {
    pool = new IdentityPool(local.identityPool)
    local.requests.clear()
  })
  const calls = () => [local.requests.count('GetId'), local.requests.count('GetCredentialsForIdentity')]
  const at = (name: string, sub = 'a1') => local.issueProviderToken(name, { sub })
  const userPoolKey = () => `cognito-idp.us-east-1.amazonaws.com/${local.userPool.userPoolId}`

  for (const name of [
    ...Object.values(loginProviders).filter((one) => one !== 'www.digits.com'),
    oidc,
    saml,
  ]) {
    test(`a user of ${name} gets credentials of their own, the same identity each time`, async () => {
      const token = await at(name)
      const first = await pool.credentials({ [name]: token })
      await pool.credentials({ [name]: token })
      assert.deepEqual(calls(), [1, 1])
      const elsewhere = await new IdentityPool(local.identityPool).credentials({ [name]: await at(name) })
      assert.equal(elsewhere.identityId, first.identityId)
      const somebodyElse = await pool.credentials({ [name]: await at(name, 'b2') })
      assert.notEqual(somebodyElse.identityId, first.identityId)
    })
  }

  test('logins that come together are one identity from then on', async () => {
    const google = { [loginProviders.google]: await at(loginProviders.google, 'linked') }
    const own = { [userPoolKey()]: await local.issueToken({ username: 'ana', tokenUse: 'id' }) }
    const { identityId } = await pool.credentials({ ...own, ...google })
    for (const logins of [own, google])
      assert.equal((await new IdentityPool(local.identityPool).identityId(logins)).valueOf(), identityId)
  })

  test('a login may be a function, asked for a token that is still good when one is needed', async () => {
    let asked = 0
    const logins: Logins = {
      [loginProviders.facebook]: async () => {
        asked += 1
        return at(loginProviders.facebook, 'function')
      },
    }
    const provider = pool.provider(logins)
    assert.equal(asked, 0)
    const [one, two] = await Promise.all([provider(), provider()])
    assert.equal(one, two)
    assert.equal(asked, 1)
    assert.equal(await provider.identityId(), one.identityId)
    assert.deepEqual(calls(), [1, 1])
  })

  test('two functions are two users: credentials are told apart by the tokens that they give', async () => {
    const users = ['x', 'y'].map((sub) => ({ [loginProviders.apple]: () => at(loginProviders.apple, sub) }))
    const [x, y] = await Promise.all(users.map((logins) => pool.credentials(logins)))
    assert.notEqual(x?.identityId, y?.identityId)
  })

  test('one function that gives the tokens of different users gives each their own', async () => {
    let current = 'm'
    const logins = { [loginProviders.apple]: () => at(loginProviders.apple, current) }
    const m = await pool.credentials(logins)
    current = 'n'
    const n = await pool.credentials(logins)
    assert.notEqual(m.identityId, n.identityId)
  })

  test('a function that fails fails the call with its own error, and nothing is sent', async () => {
    const broken = new Error('no network')
    await assert.rejects(pool.credentials({ [loginProviders.google]: () => Promise.reject(broken) }), broken)
    await assert.rejects(pool.credentials({ [loginProviders.google]: () => '' }), { reason: 'no_identity' })
    assert.deepEqual(calls(), [0, 0])
  })

  test('more than ten logins are refused before anything is sent', async () => {
    const logins = Object.fromEntries(
      Array.from({ length: 11 }, (_, index) => [`idp${index}.example.com`, 'token']),
    )
    await assert.rejects(pool.credentials(logins), { reason: 'no_identity' })
    assert.deepEqual(calls(), [0, 0])
  })
})
