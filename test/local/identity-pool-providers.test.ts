import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { GetCredentialsForIdentityCommand } from '@aws-sdk/client-cognito-identity'
import {
  clientId,
  invalidLogin,
  notAuthorized,
  startPool,
  unsupported,
  unverified,
  userPoolProvider,
} from './identity-pool-client.ts'

const apps = {
  'graph.facebook.com': '7346241598935555',
  'www.amazon.com': 'amzn1.application-oa2-client.188a56d827a7d6555a8b67a5d',
  'api.twitter.com': 'consumerKey;consumerSecret',
  'accounts.google.com': '123456789012.apps.googleusercontent.com',
  'appleid.apple.com': 'com.example.app',
}
const oidc = 'idp.example.jp/tenant'
const oidcArn = `arn:aws:iam::000000000000:oidc-provider/${oidc}`
const saml = 'arn:aws:iam::000000000000:saml-provider/office'
const otherPool = 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other0001'

function start(t: TestContext) {
  return startPool(t, {
    identityPool: {
      supportedLoginProviders: apps,
      openIdConnectProviders: [{ arn: oidcArn, clientIds: ['shop', 'phone'] }],
      samlProviderArns: [saml],
      cognitoIdentityProviders: [{ clientId }, { providerName: otherPool, clientId: 'other1' }],
    },
  })
}

const everybody = [...Object.keys(apps), oidc, saml, otherPool]
const withAccessTokens = ['graph.facebook.com', 'www.amazon.com', 'api.twitter.com']
const withIdTokens = ['accounts.google.com', 'appleid.apple.com', oidc, otherPool]

test('users of every kind of provider have an identity each, and credentials', async (t) => {
  const { local, getId, credentials } = await start(t)
  const seen = new Set<string>()
  for (const provider of everybody) {
    const loginOf = async (sub: string) => ({ [provider]: await local.issueProviderToken(provider, { sub }) })
    const ana = await getId(await loginOf('ana'))
    assert.equal(await getId(await loginOf('ana')), ana, provider)
    assert.notEqual(await getId(await loginOf('ben')), ana, provider)
    assert.equal((await credentials(await loginOf('ana'))).identityId, ana, provider)
    seen.add(ana)
  }
  assert.equal(seen.size, everybody.length)
})

test('Facebook and Amazon give opaque tokens, Twitter two strings, SAML providers base64, others JWTs', async (t) => {
  const { local } = await start(t)
  const tokenOf = (provider: string) => local.issueProviderToken(provider, { sub: 'ana' })
  assert.match(await tokenOf('graph.facebook.com'), /^EAA[\w.-]+$/)
  assert.match(await tokenOf('www.amazon.com'), /^Atza\|[\w.-]+$/)
  assert.match(await tokenOf('api.twitter.com'), /^[\w-]+;[\w-]+$/)
  assert.match(
    Buffer.from(await tokenOf(saml), 'base64').toString(),
    /^<samlp:Response .*<\/samlp:Response>$/,
  )
  for (const provider of withIdTokens) {
    const { header, claims } = unverified(await tokenOf(provider))
    assert.equal(header['alg'], 'RS256')
    assert.equal(claims['iss'], `https://${provider}`)
    assert.equal(claims['sub'], 'ana')
  }
})

test('a token that was altered, or that another server issued, is refused', async (t) => {
  const { local, getId } = await start(t)
  const stranger = await start(t)
  for (const provider of everybody) {
    const foreign = await stranger.local.issueProviderToken(provider, { sub: 'ana' })
    const detail = withAccessTokens.includes(provider)
      ? 'Not a valid access token.'
      : "Couldn't verify signed token."
    await assert.rejects(getId({ [provider]: foreign }), invalidLogin(detail), provider)
  }
  const [header, claims, signature] = (await local.issueProviderToken(oidc, { sub: 'ana' })).split('.')
  const altered = { ...unverified(`${header}.${claims}.`).claims, sub: 'ben' }
  const forged = [header, Buffer.from(JSON.stringify(altered)).toString('base64url'), signature].join('.')
  await assert.rejects(getId({ [oidc]: forged }), invalidLogin("Couldn't verify signed token."))
  const xml = Buffer.from(await local.issueProviderToken(saml, { sub: 'ana' }), 'base64').toString()
  const assertion = Buffer.from(xml.replace('>ana<', '>ben<')).toString('base64')
  await assert.rejects(getId({ [saml]: assertion }), invalidLogin("Couldn't verify signed token."))
})

test('what is no token at all is refused in the words for the kind of provider', async (t) => {
  const { getId } = await start(t)
  for (const [provider, detail] of [
    ['graph.facebook.com', 'Not a valid access token.'],
    ['api.twitter.com', 'Not a valid access token.'],
    ['accounts.google.com', 'Not a valid OpenId Connect identity token.'],
    [oidc, 'Not a valid OpenId Connect identity token.'],
    [saml, 'Not a valid SAML assertion.'],
    [otherPool, 'Not a Cognito token.'],
    [userPoolProvider, 'Not a Cognito token.'],
  ] as const) {
    for (const token of ['nonsense', 'a.b.c', 'EAAx', ';', 'e30.e30'])
      await assert.rejects(getId({ [provider]: token }), invalidLogin(detail), `${provider} ${token}`)
  }
})

test('an access token of one provider is none of another', async (t) => {
  const { local, getId } = await start(t)
  const facebook = await local.issueProviderToken('graph.facebook.com', { sub: 'ana' })
  const asAmazon = facebook.replace(/^EAA/, 'Atza|')
  await assert.rejects(getId({ 'www.amazon.com': asAmazon }), invalidLogin('Not a valid access token.'))
  const google = await local.issueProviderToken('accounts.google.com', { sub: 'ana' })
  await assert.rejects(
    getId({ 'appleid.apple.com': google }),
    invalidLogin("Issuer doesn't match providerName"),
  )
  await assert.rejects(getId({ [oidc]: google }), invalidLogin("Issuer doesn't match providerName"))
})

test('a token for another app is refused', async (t) => {
  const { local, getId } = await start(t)
  for (const provider of everybody.filter((name) => name !== saml)) {
    const token = await local.issueProviderToken(provider, { sub: 'ana', audience: 'anotherapp' })
    await assert.rejects(getId({ [provider]: token }), unsupported, provider)
  }
})

test('an expired token is refused; the clock of an OpenID provider may be five minutes behind', async (t) => {
  const { local, getId } = await start(t)
  const loginOf = async (provider: string, expiresInSeconds: number) => ({
    [provider]: await local.issueProviderToken(provider, { sub: 'ana', expiresInSeconds }),
  })
  const expired = notAuthorized(/^Invalid login token\. Token expired: \d{10} >= \d{10}$/)
  for (const provider of [...withAccessTokens, saml, otherPool])
    await assert.rejects(getId(await loginOf(provider, 0)), expired, provider)
  for (const provider of ['accounts.google.com', 'appleid.apple.com', oidc]) {
    assert.match(await getId(await loginOf(provider, -200)), /^us-east-1:/, provider)
    await assert.rejects(getId(await loginOf(provider, -300)), expired, provider)
  }
})

test('an OpenID token is for whom its azp names, and else for one of its audiences', async (t) => {
  const { local, getId } = await start(t)
  const loginOf = async (claims: Record<string, unknown>) => ({
    [oidc]: await local.issueProviderToken(oidc, { sub: 'ana', claims }),
  })
  const ana = await getId(await loginOf({ aud: ['somebody', 'phone'] }))
  assert.equal(await getId(await loginOf({ aud: 'somebody', azp: 'shop' })), ana)
  await assert.rejects(getId(await loginOf({ aud: 'shop', azp: 'somebody' })), unsupported)
  await assert.rejects(
    getId(await loginOf({ aud: undefined })),
    invalidLogin('Missing a required claim: aud'),
  )
  await assert.rejects(
    getId(await loginOf({ exp: undefined })),
    invalidLogin('Missing a required claim: exp'),
  )
  await assert.rejects(getId(await loginOf({ sub: '' })), invalidLogin('Missing a required claim: sub'))
})

test("Google's tokens may name it without https", async (t) => {
  const { local, getId } = await start(t)
  const google = 'accounts.google.com'
  const loginOf = async (iss: string) => ({
    [google]: await local.issueProviderToken(google, { sub: 'ana', claims: { iss } }),
  })
  assert.equal(await getId(await loginOf(google)), await getId(await loginOf(`https://${google}`)))
  await assert.rejects(
    getId(await loginOf('https://accounts.google.com.example.jp')),
    invalidLogin("Issuer doesn't match providerName"),
  )
})

test('a provider that the pool does not have is refused, with a good token of it and with a user id', async (t) => {
  const { local, getId } = await startPool(t, { identityPool: { developerProviderName: 'login.example.jp' } })
  for (const provider of ['graph.facebook.com', 'accounts.google.com', oidc, saml, otherPool]) {
    const token = await local.issueProviderToken(provider, { sub: 'ana' })
    await assert.rejects(getId({ [provider]: token }), unsupported, provider)
  }
  // Whoever could name a user of the developer provider without a signature would be that user.
  await assert.rejects(getId({ 'login.example.jp': 'member-42' }), unsupported)
})

test('one bad login refuses the whole call, and a good one is not remembered for it', async (t) => {
  const { local, app, getId, logins } = await start(t)
  const IdentityId = await getId(await logins('ana'))
  const facebook = await local.issueProviderToken('graph.facebook.com', { sub: 'ana' })
  const Logins = { ...(await logins('ana')), 'graph.facebook.com': facebook, 'accounts.google.com': 'x' }
  const command = new GetCredentialsForIdentityCommand({ IdentityId, Logins })
  await assert.rejects(app.send(command), invalidLogin('Not a valid OpenId Connect identity token.'))
  assert.notEqual(await getId({ 'graph.facebook.com': facebook }), IdentityId)
})

test('a sign-in at a second provider is the same identity from then on', async (t) => {
  const { local, app, getId, logins } = await start(t)
  const IdentityId = await getId(await logins('ana'))
  const facebook = {
    'graph.facebook.com': await local.issueProviderToken('graph.facebook.com', { sub: 'a1' }),
  }
  const Logins = { ...(await logins('ana')), ...facebook }
  const { IdentityId: same } = await app.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
  assert.equal(same, IdentityId)
  assert.equal(await getId(facebook), IdentityId)
})

test('only the app clients that the pool lists are trusted, and other user pools as they are listed', async (t) => {
  const { local, getId, logins } = await start(t)
  assert.match(await getId(await logins('ana')), /^us-east-1:/)
  await assert.rejects(getId(await logins('ana', { aud: 'other1' })), unsupported)
  const access = await local.issueProviderToken(otherPool, { sub: 'ana', claims: { token_use: 'access' } })
  await assert.rejects(getId({ [otherPool]: access }), invalidLogin('Not a Cognito token.'))
})

test('a user pool is asked about a token only where ServerSideTokenCheck is set', async (t) => {
  const revoke = async (serverSideTokenCheck: boolean) => {
    const pool = await startPool(t, {
      identityPool: { cognitoIdentityProviders: [{ clientId, serverSideTokenCheck }] },
    })
    const call = async (operation: string, input: object) =>
      JSON.parse((await pool.raw(`AWSCognitoIdentityProviderService.${operation}`, input)).text) as {
        AuthenticationResult: { IdToken: string; RefreshToken: string }
      }
    const { AuthenticationResult: tokens } = await call('InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
    })
    const Logins = { [userPoolProvider]: tokens.IdToken }
    const before = await pool.getId(Logins)
    await call('RevokeToken', { ClientId: clientId, Token: tokens.RefreshToken })
    return {
      before,
      after: pool.getId(Logins),
      deleted: pool.getId(await pool.logins('x', { 'cognito:username': 'x' })),
    }
  }
  const unchecked = await revoke(false)
  assert.equal(await unchecked.after, unchecked.before)
  assert.match(await unchecked.deleted, /^us-east-1:/)
  const gone = invalidLogin('Token is not valid at its user pool any more.')
  const checked = await revoke(true)
  await Promise.all([assert.rejects(checked.after, gone), assert.rejects(checked.deleted, gone)])
})

test('an order of a token that makes no sense is refused', async (t) => {
  const { local } = await start(t)
  for (const order of [
    {},
    { sub: '' },
    { sub: 'a', expiresInSeconds: Number.NaN },
    { sub: 'a', audeince: 'x' },
  ])
    await assert.rejects(local.issueProviderToken('graph.facebook.com', order as { sub: string }), {
      code: 'ERR_COGNITO_CONFIGURATION',
    })
  await assert.rejects(local.issueProviderToken('', { sub: 'a' }), { code: 'ERR_COGNITO_CONFIGURATION' })
})
