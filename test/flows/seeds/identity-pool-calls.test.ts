/**
 * What the other files of this folder do with an HTTP client, boto3 and the AWS CLI, done with this package: the same calls of the
 * identity pool, and then AWS with the credentials that come of them.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { type TestContext } from 'node:test'
import {
  type CredentialsError,
  IdentityPool,
  loginProviders,
  type Tokens,
  UserPool,
} from '../../../src/index.ts'
import { type LocalCognitoOptions, startLocalCognito } from '../../../src/local/index.ts'
import { Person } from '../../local/managed-login/person.ts'
import { assertOwnPrefixOnly } from './own-prefix.ts'
import { pythonWithBoto3, without } from './program.ts'

const password = 'Passw0rd!'
const people = [{ sub: 'fb-1', name: 'Ana', email: 'ana@example.com' }]

async function stage(t: TestContext, identityPoolOptions: LocalCognitoOptions['identityPool'] = {}) {
  const local = await startLocalCognito({
    userPoolId: 'ap-northeast-1_xxxxxxxxx',
    users: [
      { username: 'ana', password },
      { username: 'ben', password },
    ],
    userPool: { identityProviders: [{ providerType: 'Facebook', people }] },
    identityPool: {
      allowUnauthenticatedIdentities: true,
      developerProviderName: 'provider',
      supportedLoginProviders: { [loginProviders.facebook]: 'fb1' },
      ...identityPoolOptions,
    },
  })
  t.after(() => local.close())
  const userPool = new UserPool(local.userPool)
  const { endpoint: stsEndpoint } = local.sts
  const serverCredentials = local.awsCredentials
  const identityPool = new IdentityPool({ ...local.identityPool, stsEndpoint, serverCredentials })
  const login = ({ idToken }: Tokens) => ({ [userPool.loginsKey]: idToken })
  /** With a name and a password, proved or sent. */
  const signIn = async (username: string, flow: 'USER_SRP_AUTH' | 'USER_PASSWORD_AUTH' = 'USER_SRP_AUTH') => {
    const step = await userPool.signIn({ username, password, flow })
    assert.ok(step.status === 'signed-in')
    return login(step.tokens)
  }
  const count = (...operations: string[]) => operations.map((name) => local.requests.count(name))
  return { local, userPool, identityPool, login, signIn, count }
}

test('000 GetId and GetCredentialsForIdentity, with and without a token', async (t) => {
  const { identityPool, signIn, count } = await stage(t)
  const logins = await signIn('ana')
  const identityId = await identityPool.identityId(logins)
  assert.match(identityId, /^ap-northeast-1:[\w-]{36}$/)
  assert.deepEqual(count('GetId', 'GetCredentialsForIdentity'), [1, 0])
  const credentials = await identityPool.credentials(logins)
  assert.equal(credentials.identityId, identityId)
  assert.match(credentials.accessKeyId, /^ASIA/)
  assert.deepEqual(count('GetId', 'GetCredentialsForIdentity'), [1, 1])

  const guest = await identityPool.guestCredentials()
  assert.notEqual(guest.identityId, identityId)
  assert.equal(await identityPool.guestCredentials({ identityId: guest.identityId }), guest)
  assert.deepEqual(count('GetId', 'GetCredentialsForIdentity'), [2, 2])
})

test('000 GetOpenIdToken, with and without a token, and the STS call that it is for', async (t) => {
  const { identityPool, signIn, count } = await stage(t)
  const logins = await signIn('ana')
  const ofAna = await identityPool.openIdToken(logins)
  assert.equal(ofAna.identityId, await identityPool.identityId(logins))
  const { identityId } = await identityPool.openIdToken()
  assert.equal((await identityPool.openIdToken('guest', { identityId })).identityId, identityId)
  assert.deepEqual(count('GetId', 'GetOpenIdToken'), [2, 3])

  const roleArn = 'arn:aws:iam::000000000000:role/local-authenticated'
  const credentials = await identityPool.classicCredentials(logins, { roleArn })
  assert.equal(credentials.identityId, ofAna.identityId)
  assert.deepEqual(count('GetId', 'GetOpenIdToken', 'AssumeRoleWithWebIdentity'), [2, 4, 1])
})

test('000 GetOpenIdToken of a pool with role mappings is refused in words that say what to do', async (t) => {
  const key = 'cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_xxxxxxxxx:app1'
  const roleMappings = { [key]: { type: 'Token', ambiguousRoleResolution: 'AuthenticatedRole' } as const }
  const { identityPool, signIn } = await stage(t, { roleMappings })
  const logins = await signIn('ana')
  for (const asked of [() => identityPool.openIdToken(logins), () => identityPool.openIdToken('guest')]) {
    await assert.rejects(asked, ({ reason, message }: CredentialsError) => {
      assert.equal(reason, 'misconfigured')
      assert.match(message, /Basic \(classic\) flow is not supported with RoleMappings/)
      assert.match(message, /"AllowClassicFlow" on the identity pool.*credentials\(\) uses the enhanced flow/)
      return true
    })
  }
})

test('000 GetOpenIdTokenForDeveloperIdentity, signed, and the credentials that its token is good for', async (t) => {
  const { identityPool, count } = await stage(t)
  const identity = await identityPool.developerIdentity({ provider: 'identifier' })
  const { identityId } = await identity.credentials()
  assert.equal(identityId, identity.identityId)
  const operations = ['GetId', 'GetOpenIdTokenForDeveloperIdentity', 'GetCredentialsForIdentity']
  assert.deepEqual(count(...operations), [0, 1, 1])
})

test('001 a guest, a user of the user pool by SRP, and one of Facebook through the user pool', async (t) => {
  const { local, identityPool, signIn, userPool, login } = await stage(t)
  assert.match((await identityPool.guestCredentials()).identityId, /^ap-northeast-1:/)
  const ofAna = await identityPool.credentials(await signIn('ana'))
  assert.equal((await identityPool.credentials(await signIn('ana'))).identityId, ofAna.identityId)

  const random = () => randomBytes(32).toString('base64url')
  const callbackURL = 'http://localhost:3000/callback'
  const proof = { nonce: random(), codeVerifier: random() }
  const request = { callbackURL, state: random(), identityProvider: 'Facebook', ...proof }
  const person = await new Person().go(await userPool.authorizationUrl(request))
  await person.submit({ person: '0' })
  const code = person.answer('code') ?? ''
  const { tokens, username } = await userPool.exchangeCode({ callbackURL, code, ...proof })
  assert.match(username, /^facebook_fb-1$/i)
  // The login is the user pool's, whoever vouched for the user there.
  assert.deepEqual(Object.keys(login(tokens)), [
    'cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_xxxxxxxxx',
  ])
  assert.notEqual((await identityPool.credentials(login(tokens))).identityId, ofAna.identityId)
  assert.equal(local.requests.count('GetOpenIdToken'), 0)
})

test('001 a user of Facebook without the user pool, and a token that is not of Facebook', async (t) => {
  const { local, identityPool } = await stage(t)
  const { facebook } = loginProviders
  const token = await local.issueProviderToken(facebook, { sub: 'fb-1' })
  const { identityId } = await identityPool.credentials({ [facebook]: token })
  const anew = await local.issueProviderToken(facebook, { sub: 'fb-1' })
  assert.equal((await identityPool.credentials({ [facebook]: anew })).identityId, identityId)
  const guests = local.requests.count('GetId')
  await assert.rejects(identityPool.credentials({ [facebook]: `${token}x` }), { reason: 'refused' })
  assert.equal(local.requests.count('GetId'), guests + 1)
})

test('004 from a password that is sent to credentials, by InitiateAuth, GetId and GetCredentialsForIdentity', async (t) => {
  const { identityPool, signIn, count } = await stage(t)
  await identityPool.credentials(await signIn('ana', 'USER_PASSWORD_AUTH'))
  assert.deepEqual(count('InitiateAuth', 'GetId', 'GetCredentialsForIdentity'), [1, 1, 1])
})

const python = pythonWithBoto3()
for (const client of ['the AWS SDK', 'boto3'] as const) {
  const isThere = client !== 'boto3' || python !== undefined
  const skip = without('Python with boto3 and requests', isThere)
  test(
    `${client} reaches the prefix of its own user with credentials of this package, and is refused another user's`,
    { skip },
    async (t) => {
      const { local, identityPool, signIn } = await stage(t)
      const ana = await identityPool.credentials(await signIn('ana'))
      const ben = await identityPool.credentials(await signIn('ben'))
      const user = await identityPool.developerIdentity({ provider: 'identifier' })
      const roleArn = 'arn:aws:iam::000000000000:role/local-authenticated'
      const classic = await identityPool.classicCredentials(await signIn('ben'), { roleArn })
      for (const [own, others] of [
        [ana, ben.identityId],
        [ben, ana.identityId],
        [await user.credentials(), ana.identityId],
        [classic, ana.identityId],
      ] as const) {
        await assertOwnPrefixOnly(client, local, own, others)
      }
    },
  )
}
