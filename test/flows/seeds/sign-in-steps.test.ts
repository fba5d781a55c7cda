/** The sign-in steps of the second, third and fifth document, done with this package instead of boto3, curl and awk. */
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { IdentityPool, SessionEndedError, UserPool } from '../../../src/index.ts'
import { startLocalCognito, type LocalCognito, type LocalCognitoOptions } from '../../../src/local/index.ts'
import { Person } from '../../local/managed-login/person.ts'
import { done, refusedFor } from '../../user-pool/sign-in/steps.ts'

const userPoolId = 'ap-northeast-1_Local0001'
const identityOf = /^ap-northeast-1:[\w-]{36}$/

async function stage(t: TestContext, options: LocalCognitoOptions) {
  const local: LocalCognito = await startLocalCognito({ userPoolId, ...options })
  t.after(() => local.close())
  const userPool = new UserPool(local.userPool)
  return { local, userPool, identityPool: new IdentityPool(local.identityPool) }
}

const people = [{ sub: 'fb-1', name: 'Ana', email: 'ana@example.com' }]
const federated = {
  users: [{ username: 'ana@example.com', password: 'Passw0rd!' }],
  userPool: {
    usernameAttributes: ['email'],
    identityProviders: [
      { providerType: 'Facebook', people },
      { providerType: 'LoginWithAmazon', people },
    ],
  },
  clients: [{ supportedIdentityProviders: ['COGNITO', 'Facebook', 'LoginWithAmazon'] }],
  identityPool: { supportedLoginProviders: { 'graph.facebook.com': 'fb1' } },
} satisfies LocalCognitoOptions

test('second document: sign-in by SRP with an e-mail address, then an identity and its credentials', async (t) => {
  const { userPool, identityPool } = await stage(t, federated)
  const who = { username: 'ana@example.com', password: 'Passw0rd!' }
  const { tokens } = done(await userPool.signIn(who))
  const credentials = await identityPool.credentials({ [userPool.loginsKey]: tokens.idToken })
  assert.match(credentials.identityId, identityOf)
  assert.match(credentials.accessKeyId, /^ASIA/)
  await refusedFor(userPool.signIn({ ...who, password: 'Passw0rd?' }), 'NotAuthorizedException', 401)
})

for (const identityProvider of ['Facebook', 'LoginWithAmazon'] as const) {
  test(`second document: sign-in through ${identityProvider}, whose users have tokens of the user pool all the same`, async (t) => {
    const { userPool, identityPool } = await stage(t, federated)
    const callbackURL = 'http://localhost:3000/callback'
    const secrets = { state: 'a state of one sign-in', nonce: 'a nonce of one sign-in' }
    const codeVerifier = 'a-verifier-of-one-sign-in-which-has-forty-three-characters'
    const request = { callbackURL, ...secrets, codeVerifier, identityProvider }
    const person = await new Person().go(await userPool.authorizationUrl(request))
    await person.submit({ person: '0' })
    assert.equal(person.answer('state'), secrets.state)
    const code = person.answer('code') ?? ''
    const user = await userPool.exchangeCode({ code, callbackURL, codeVerifier, nonce: secrets.nonce })
    assert.equal(user.username, `${identityProvider}_fb-1`)
    const credentials = await identityPool.credentials({ [userPool.loginsKey]: user.tokens.idToken })
    assert.match(credentials.identityId, identityOf)
  })
}

test('second document: a token of Facebook itself, without the user pool', async (t) => {
  const { local, identityPool } = await stage(t, federated)
  const token = await local.issueProviderToken('graph.facebook.com', { sub: 'fb-1' })
  const credentials = await identityPool.credentials({ 'graph.facebook.com': token })
  assert.match(credentials.identityId, identityOf)
})

test('third document: with device tracking, sign-in with the password, the device confirmed, and then a refresh', async (t) => {
  const { local, userPool } = await stage(t, {
    users: [{ username: 'ana', password: 'Passw0rd!' }],
    userPool: { deviceConfiguration: { challengeRequiredOnNewDevice: true } },
  })
  const sent = { username: 'ana', password: 'Passw0rd!', flow: 'USER_PASSWORD_AUTH' } as const
  const unconfirmed = done(await userPool.signIn(sent))
  await assert.rejects(userPool.refresh(unconfirmed.tokens), (error: Error) => {
    assert.ok(error instanceof SessionEndedError)
    assert.match(error.message, /the device must be confirmed before the first refresh/)
    return true
  })
  const { tokens, newDevice } = done(await userPool.signIn(sent))
  assert.ok(newDevice)
  const device = await userPool.confirmDevice(newDevice)
  assert.equal(tokens.deviceKey, device.deviceKey)
  local.requests.clear()
  const refreshed = await userPool.refresh(tokens)
  assert.notEqual(refreshed.tokens.accessToken, tokens.accessToken)
  assert.equal(refreshed.tokens.deviceKey, device.deviceKey)
  assert.equal(local.requests.count('GetTokensFromRefreshToken'), 1)
  const { deviceKey, ...without } = tokens
  assert.ok(deviceKey)
  // Another instance: this one remembers what the refresh has given.
  await assert.rejects(new UserPool(local.userPool).refresh(without), SessionEndedError)
})

test('fifth document: a password that an administrator set, the token that it gives, and the credentials of its identity', async (t) => {
  const { local, userPool, identityPool } = await stage(t, {
    users: [{ username: 'sugimoto', password: 'Temp0rary!', status: 'FORCE_CHANGE_PASSWORD' }],
    userPool: { policies: { passwordPolicy: { requireNumbers: false } } },
  })
  const administrator = new CognitoIdentityProviderClient({
    region: userPool.region,
    endpoint: local.url,
    credentials: local.awsCredentials,
  })
  const Password = 'Sugimoto?'
  await administrator.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: userPoolId,
      Username: 'sugimoto',
      Password,
      Permanent: true,
    }),
  )
  administrator.destroy()
  const { tokens } = done(
    await userPool.signIn({ username: 'sugimoto', password: Password, flow: 'USER_PASSWORD_AUTH' }),
  )
  const { sub } = await userPool.verify(tokens.idToken, { tokenUse: 'id' })
  assert.equal((await userPool.user(tokens)).sub, sub)
  const logins = { [userPool.loginsKey]: tokens.idToken }
  const credentials = await identityPool.credentials(logins)
  assert.match(credentials.identityId, identityOf)
  assert.equal((await identityPool.credentials(logins)).identityId, credentials.identityId)
})
