import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  CognitoIdentityProviderClient,
  GetUserCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { UserPool } from '../../src/index.ts'
import { startLocalCognito, type LocalCognito, type LocalCognitoOptions } from '../../src/local/index.ts'
import { CookieJar, signInOnLoginPage } from '../support/login-form.ts'

const ana = { username: 'ana', password: 'Passw0rd!' }
const callbackURL = 'http://localhost:3000/callback'
const shop = 'us-east-1_Local0001'
const partners = 'us-east-1_Partners1'

const twoPools: LocalCognitoOptions = {
  users: [{ ...ana, groups: ['admin'] }],
  clients: [{ clientId: 'shop1' }],
  userPools: [
    {
      userPoolId: partners,
      users: [{ username: 'ana', password: 'An0ther-one!', email: 'ana@partner.example' }],
      clients: [{ clientId: 'partner1' }],
    },
  ],
}

async function stage(t: Pick<TestContext, 'after'>, options: LocalCognitoOptions = {}) {
  const local = await startLocalCognito({ ...twoPools, ...options })
  t.after(() => local.close())
  const [further] = local.userPools
  assert.ok(further)
  return { local, further, sdk: sdkOf(t, local) }
}

function sdkOf(t: Pick<TestContext, 'after'>, local: LocalCognito): CognitoIdentityProviderClient {
  const { url: endpoint, awsCredentials: credentials } = local
  const sdk = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials,
    maxAttempts: 1,
  })
  t.after(() => sdk.destroy())
  return sdk
}

function signIn(
  sdk: CognitoIdentityProviderClient,
  ClientId: string,
  { username, password }: typeof ana,
): Promise<InitiateAuthCommandOutput> {
  const AuthParameters = { USERNAME: username, PASSWORD: password }
  return sdk.send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }))
}

const partner = { username: 'ana', password: 'An0ther-one!' }

/** The whole way over the login page, with the package as the app. */
async function throughLoginPage(
  options: LocalCognito['userPool'],
  user: typeof ana,
  jar = new CookieJar(),
): Promise<{ userPool: UserPool; sub: string; idToken: string }> {
  const userPool = new UserPool(options)
  const login = new URL('oauth2/authorize', `${options.domain}/`)
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: options.clientId,
    redirect_uri: callbackURL,
    scope: 'openid',
    state: 's',
  }))
    login.searchParams.set(name, value)
  const callback = await signInOnLoginPage(login.href, user, jar)
  const response = await fetch(`${options.domain}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: options.clientId,
      redirect_uri: callbackURL,
      code: callback.searchParams.get('code') ?? '',
    }),
  })
  assert.equal(response.status, 200)
  const tokens = (await response.json()) as { id_token: string; access_token: string }
  const { sub } = await userPool.verify(tokens.id_token, { tokenUse: 'id' })
  const userInfo = await fetch(`${options.domain}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  assert.equal(((await userInfo.json()) as { sub: string }).sub, sub)
  return { userPool, sub, idToken: tokens.id_token }
}

test('each pool has its own issuer, keys, clients and people', async (t) => {
  const { local, further, sdk } = await stage(t)
  assert.deepEqual(
    [local.userPool.userPoolId, further.userPool.userPoolId, further.clients.length],
    [shop, partners, 1],
  )
  assert.deepEqual(
    [further.userPool.issuer, further.userPool.domain, further.userPool.endpoint],
    [`${local.url}/${partners}`, `${local.url}/${partners}`, local.url],
  )
  assert.equal(local.userPool.domain, local.url)
  const kids = [...local.jwks().keys, ...further.jwks().keys].map(({ kid }) => kid)
  assert.equal(new Set(kids).size, 4)
  const published = await fetch(`${local.url}/${partners}/.well-known/jwks.json`)
  assert.deepEqual(await published.json(), further.jwks())
  const [own, theirs] = [await signIn(sdk, 'shop1', ana), await signIn(sdk, 'partner1', partner)]
  const verify = (pool: LocalCognito['userPool'], { AuthenticationResult }: InitiateAuthCommandOutput) =>
    new UserPool(pool).verify(String(AuthenticationResult?.AccessToken), { tokenUse: 'access' })
  const claims = await verify(further.userPool, theirs)
  assert.deepEqual([claims.iss, claims['cognito:groups']], [further.userPool.issuer, undefined])
  assert.notEqual(claims.sub, (await verify(local.userPool, own)).sub)
  await assert.rejects(verify(local.userPool, theirs), { code: 'ERR_COGNITO_INVALID_TOKEN' })
  // The password of the one is wrong in the other.
  await assert.rejects(signIn(sdk, 'partner1', ana), { name: 'NotAuthorizedException' })
  const { Users } = await sdk.send(new ListUsersCommand({ UserPoolId: partners }))
  assert.deepEqual(
    Users?.map(({ Attributes }) => Attributes?.find(({ Name }) => Name === 'email')?.Value),
    ['ana@partner.example'],
  )
})

test('an access token is answered by the pool that it is of', async (t) => {
  const { local, further, sdk } = await stage(t)
  const { AuthenticationResult } = await signIn(sdk, 'partner1', partner)
  const user = await sdk.send(new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }))
  assert.ok(user.UserAttributes?.some(({ Value }) => Value === 'ana@partner.example'))
  // A token with the key of one pool and the issuer of another is nobody's.
  const AccessToken = await local.issueToken({ tokenUse: 'access', claims: { iss: further.userPool.issuer } })
  await assert.rejects(sdk.send(new GetUserCommand({ AccessToken })), { name: 'NotAuthorizedException' })
})

test('the managed login of a further pool begins with its id, and its session is not that of another', async (t) => {
  const { local, further } = await stage(t)
  const jar = new CookieJar()
  const first = await throughLoginPage(local.userPool, ana, jar)
  const other = await throughLoginPage(further.userPool, partner, jar)
  assert.notEqual(first.sub, other.sub)
  await assert.rejects(first.userPool.verify(other.idToken, { tokenUse: 'id' }), {
    code: 'ERR_COGNITO_INVALID_TOKEN',
  })
  // Both sessions are there: neither asks again.
  const nobody = { username: '', password: '' }
  assert.equal((await throughLoginPage(local.userPool, nobody, jar)).sub, first.sub)
  assert.equal((await throughLoginPage(further.userPool, nobody, jar)).sub, other.sub)
  // A client of one pool is unknown at the login of another.
  const wrong = await fetch(
    `${further.userPool.domain}/oauth2/authorize?client_id=shop1&response_type=code&redirect_uri=${callbackURL}`,
    { redirect: 'manual' },
  )
  assert.match(wrong.headers.get('location') ?? '', new RegExp(`^/${partners}/error\\?error=invalid_request`))
  const discovery = await fetch(`${local.url}/${partners}/.well-known/openid-configuration`)
  const { authorization_endpoint: endpoint } = (await discovery.json()) as Record<string, string>
  assert.equal(endpoint, `${further.userPool.domain}/oauth2/authorize`)
  assert.equal((await fetch(`${local.url}/us-east-1_Nobody/login`)).status, 404)
})

test('sign-out of a further pool ends its session alone, with its own pages in between', async (t) => {
  const { local, further } = await stage(t)
  const jar = new CookieJar()
  await throughLoginPage(local.userPool, ana, jar)
  await throughLoginPage(further.userPool, partner, jar)
  const out = `${further.userPool.domain}/logout?client_id=partner1&response_type=code&redirect_uri=${callbackURL}`
  const response = await fetch(out, {
    redirect: 'manual',
    headers: { cookie: jar.header(new URL(local.url)) },
  })
  assert.match(response.headers.get('location') ?? '', new RegExp(`^/${partners}/login\\?`))
  const ended = response.headers.getSetCookie().map((line) => line.split('=')[0])
  assert.deepEqual(ended, [`cognito-${new URL(local.url).port}-${partners}`])
})

test('the identity pool takes users of every pool, or of those that it names', async (t) => {
  const both = await stage(t)
  const named = await stage(t, {
    identityPool: { cognitoIdentityProviders: [{ clientId: 'partner1', serverSideTokenCheck: true }] },
  })
  for (const [{ local, further }, ownIsTaken] of [
    [both, true],
    [named, false],
  ] as const) {
    const client = new CognitoIdentityClient({ region: 'us-east-1', endpoint: local.url, maxAttempts: 1 })
    const { identityPoolId: IdentityPoolId } = local.identityPool
    const login = (pool: string, token: string) => ({
      [`cognito-idp.us-east-1.amazonaws.com/${pool}`]: token,
    })
    const Logins = login(partners, await further.issueToken({ tokenUse: 'id' }))
    const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId, Logins }))
    const { Credentials } = await client.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
    assert.ok(Credentials?.SecretKey)
    const own = login(shop, await local.issueToken({ tokenUse: 'id' }))
    const identity = client.send(new GetIdCommand({ IdentityPoolId, Logins: own }))
    if (ownIsTaken) assert.notEqual((await identity).IdentityId, IdentityId)
    else
      await assert.rejects(identity, {
        message: 'Token is not from a supported provider of this identity pool.',
      })
    // A token of one pool under the name of another.
    const mixed = login(partners, await local.issueToken({ tokenUse: 'id' }))
    await assert.rejects(client.send(new GetIdCommand({ IdentityPoolId, Logins: mixed })), {
      message: "Invalid login token. Couldn't verify signed token.",
    })
    client.destroy()
  }
})

test('a reset brings back the people of every pool, and leaves ids and keys', async (t) => {
  const { local, further, sdk } = await stage(t, { userPools: [{ users: [ana] }] })
  const { clientId, userPoolId } = further.userPool
  assert.equal(userPoolId, 'us-east-1_Local0002')
  const { AuthenticationResult } = await signIn(sdk, clientId, ana)
  const keys = further.jwks()
  await local.reset()
  assert.deepEqual(further.jwks(), keys)
  await signIn(sdk, clientId, ana)
  const refresh = new InitiateAuthCommand({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: clientId,
    AuthParameters: { REFRESH_TOKEN: String(AuthenticationResult?.RefreshToken) },
  })
  await assert.rejects(sdk.send(refresh), { message: 'Invalid Refresh Token' })
})

test('the file of a server keeps every pool: people, sign-ins, made-up ids and keys', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pools-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const options = {
    persist: path.join(folder, 'state.json'),
    userPools: [{ userPoolId: partners, users: [partner] }],
  }
  const before = await stage(t, options)
  const { clientId } = before.further.userPool
  const { AuthenticationResult } = await signIn(before.sdk, clientId, partner)
  const keys = before.further.jwks()
  await before.local.close()
  const again = await stage(t, options)
  assert.equal(again.further.userPool.clientId, clientId)
  assert.deepEqual(again.further.jwks(), keys)
  const refresh = {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: clientId,
    AuthParameters: { REFRESH_TOKEN: String(AuthenticationResult?.RefreshToken) },
  } as const
  await again.sdk.send(new InitiateAuthCommand(refresh))
  await again.local.close()
  // Without the pool its part of the file is dropped; with it again, it starts anew.
  const alone = await startLocalCognito({ ...twoPools, ...options, userPools: [] })
  await alone.close()
  const anew = await stage(t, options)
  assert.notDeepEqual(anew.further.jwks(), keys)
  await assert.rejects(
    anew.sdk.send(new InitiateAuthCommand({ ...refresh, ClientId: anew.further.userPool.clientId })),
    { message: 'Invalid Refresh Token' },
  )
  await anew.local.close()
})

test('with a seed, further pools are the same at every start, and the first is what it is alone', async (t) => {
  const options = { seed: 'x', clients: undefined, userPools: [{ users: [ana] }] }
  const [one, two] = [await stage(t, options), await stage(t, options)]
  const alone = await startLocalCognito({ users: [ana], seed: 'x' })
  t.after(() => alone.close())
  assert.equal(one.further.userPool.clientId, two.further.userPool.clientId)
  assert.equal(one.local.userPool.clientId, alone.userPool.clientId)
})

test('pools that could not be told apart are refused, by the name of the option', async () => {
  const wrong: [LocalCognitoOptions, string][] = [
    [{ userPools: [{ userPoolId: shop }] }, 'userPools[].userPoolId'],
    [{ userPools: [{ userPoolId: 'eu-west-1_Partners1' }] }, 'userPools[0].userPoolId'],
    [
      { clients: [{ clientId: 'a' }], userPools: [{ clients: [{ clientId: 'a' }] }] },
      'userPools[].clients[].clientId',
    ],
    [{ issuer: 'https://a.example', userPools: [{ issuer: 'https://a.example' }] }, 'userPools[].issuer'],
    [
      { userPools: [{}, { userPool: { mfaConfiguration: 'MAYBE' as 'ON' } }] },
      'userPools[1].userPool.mfaConfiguration',
    ],
    [{ userPools: [{ users: [{ username: 'a b', password: 'x' }] }] }, 'userPools[0].users[0].username'],
  ]
  for (const [options, option] of wrong)
    await assert.rejects(startLocalCognito(options), { name: 'ConfigurationError', option })
})
