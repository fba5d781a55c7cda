import assert from 'node:assert/strict'
import test from 'node:test'
import { GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity'
import { JwtVerifier } from 'aws-jwt-verify'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import {
  notAuthorized,
  refused,
  role,
  startPool,
  unverified,
  userPoolProvider,
} from './identity-pool-client.ts'

const guests = { allowUnauthenticatedIdentities: true }
const mapping = { type: 'Token', ambiguousRoleResolution: 'AuthenticatedRole' } as const

test('the OpenID token of a user says who, for which pool, how they signed in, and ends after ten minutes', async (t) => {
  const { local, identityPoolId, logins, openIdToken } = await startPool(t)
  const { identityId, token } = await openIdToken(await logins('ana'))
  const { header, claims } = unverified(token)
  assert.deepEqual(header, { kid: 'us-east-11', typ: 'JWS', alg: 'RS512' })
  const now = local.clock.nowSeconds()
  const { exp, iat, ...others } = claims
  assert.deepEqual(others, {
    sub: identityId,
    aud: identityPoolId,
    amr: ['authenticated', userPoolProvider, `${userPoolProvider}:CognitoSignIn:ana`],
    iss: 'https://cognito-identity.amazonaws.com',
    'https://cognito-identity.amazonaws.com/identity-pool-arn': `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${identityPoolId}`,
  })
  assert.equal(Number(exp) - Number(iat), 600)
  assert.equal(Math.abs(Number(iat) - now) < 60, true)
})

test('the OpenID token of a guest says that nobody signed in', async (t) => {
  const { openIdToken } = await startPool(t, guests)
  const { identityId, token } = await openIdToken()
  const { sub, amr } = unverified(token).claims
  assert.deepEqual([sub, amr], [identityId, ['unauthenticated']])
})

test('the token is verified with the key set under the name that Amazon gives it', async (t) => {
  const { local, identityPoolId, logins, openIdToken } = await startPool(t)
  const { identityId, token } = await openIdToken(await logins('ana'))
  const url = new URL('/.well-known/jwks_uri', local.url)
  const { payload } = await jwtVerify(token, createRemoteJWKSet(url), {
    issuer: 'https://cognito-identity.amazonaws.com',
    audience: identityPoolId,
    algorithms: ['RS512'],
  })
  assert.equal(payload.sub, identityId)
  const jwks = (await (await fetch(url)).json()) as { keys: { kty: string }[] }
  const { keys } = jwks
  const verifier = JwtVerifier.create({
    issuer: 'https://cognito-identity.amazonaws.com',
    audience: identityPoolId,
    jwksUri: 'https://cognito-identity.amazonaws.com/.well-known/jwks_uri',
  })
  verifier.cacheJwks(jwks)
  assert.equal(verifier.verifySync(token).sub, identityId)
  assert.deepEqual(
    keys.map((key) => Object.keys(key).sort()),
    [['alg', 'e', 'kid', 'kty', 'n', 'use']],
  )
  assert.equal(local.requests.count('jwks_uri'), 2)
  assert.equal((await fetch(url, { method: 'POST' })).status, 405)
})

for (const [region, issuer] of [
  ['eu-west-1', 'cognito-identity.amazonaws.com'],
  ['ap-southeast-3', 'cognito-identity.ap-southeast-3.amazonaws.com'],
  ['cn-north-1', 'cognito-identity.cn-north-1.amazonaws.com.cn'],
  ['us-gov-west-1', 'cognito-identity.us-gov-west-1.amazonaws.com'],
  ['eusc-de-east-1', 'cognito-identity.eusc-de-east-1.amazonaws.eu'],
] as const) {
  test(`the issuer in ${region} is ${issuer}`, async (t) => {
    const { openIdToken } = await startPool(t, { ...guests, userPoolId: `${region}_Local0001` })
    const { token } = await openIdToken()
    assert.equal(unverified(token).claims['iss'], `https://${issuer}`)
  })
}

test('the classic flow is refused where it is switched off, and beside role mappings unless it is switched on', async (t) => {
  const disabled = refused(
    'InvalidParameterException',
    'Basic (classic) flow is not enabled, please use enhanced flow.',
  )
  const besideMappings = refused(
    'InvalidParameterException',
    'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
  )
  const roleMappings = { [`${userPoolProvider}:app1`]: mapping }
  for (const [identityPool, refusal] of [
    [{ allowClassicFlow: false }, disabled],
    [{ allowClassicFlow: false, roleMappings }, disabled],
    [{ roleMappings }, besideMappings],
    [{ allowClassicFlow: true, roleMappings }, undefined],
    [{ allowClassicFlow: true }, undefined],
    [{ roleMappings: {} }, undefined],
    [{}, undefined],
  ] as const) {
    const { logins, openIdToken } = await startPool(t, { identityPool })
    const token = openIdToken(await logins('ana'))
    if (refusal) await assert.rejects(token, refusal)
    else assert.match((await token).token, /^eyJ/)
  }
})

test('a token is refused as credentials are: for a stranger, without logins, for an unknown identity', async (t) => {
  const { app, getId, logins } = await startPool(t, guests)
  const get = (IdentityId: string, Logins?: Record<string, string>) =>
    app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
  const ana = await getId(await logins('ana'))
  await assert.rejects(get(ana), notAuthorized(`Access to Identity '${ana}' is forbidden.`))
  await assert.rejects(
    get(ana, await logins('ben')),
    notAuthorized(
      "Logins don't match. Please include at least one valid login for this identity or identity pool.",
    ),
  )
  const nobody = 'us-east-1:00000000-0000-4000-8000-000000000000'
  await assert.rejects(get(nobody), refused('ResourceNotFoundException', `Identity '${nobody}' not found.`))
})

test('guests have no token where guests are not allowed', async (t) => {
  const { raw, identityPoolId } = await startPool(t)
  const { status, text } = await raw('AWSCognitoIdentityService.GetId', { IdentityPoolId: identityPoolId })
  assert.equal(status, 400)
  assert.deepEqual(JSON.parse(text), {
    __type: 'NotAuthorizedException',
    message: 'Unauthenticated access is not supported for this identity pool.',
  })
})

test('SAML is for the enhanced flow only', async (t) => {
  const saml = 'arn:aws:iam::000000000000:saml-provider/office'
  const { local, openIdToken, credentials, callerOf } = await startPool(t, {
    identityPool: { samlProviderArns: [saml], allowClassicFlow: true },
  })
  const Logins = { [saml]: await local.issueProviderToken(saml, { sub: 'ana' }) }
  await assert.rejects(openIdToken(Logins), { name: 'InvalidParameterException' })
  const arn = await callerOf(await credentials(Logins))
  assert.equal(arn, 'arn:aws:sts::000000000000:assumed-role/local-authenticated/CognitoIdentityCredentials')
})

test('an OpenID token of the pool is a login of its identity, until it expires', async (t) => {
  const { local, logins, openIdToken, credentials, getId } = await startPool(t, guests)
  const { identityId, token } = await openIdToken(await logins('ana'))
  const Logins = { 'cognito-identity.amazonaws.com': token }
  assert.equal((await credentials(Logins)).identityId, identityId)
  const other = await getId(await logins('ben'))
  await assert.rejects(credentials(Logins, { IdentityId: other }), notAuthorized(/^Logins don't match\./))
  local.clock.advance(600)
  await assert.rejects(
    credentials(Logins),
    notAuthorized(/^Invalid login token\. Token expired: \d+ >= \d+$/),
  )
})

test("a guest's old token opens nothing once the identity has a login", async (t) => {
  const { app, logins, openIdToken, credentials } = await startPool(t, guests)
  const { identityId, token } = await openIdToken()
  const Logins = { 'cognito-identity.amazonaws.com': token }
  assert.equal((await credentials(Logins)).identityId, identityId)
  await credentials(await logins('ana'), { IdentityId: identityId })
  await assert.rejects(credentials(Logins, { IdentityId: identityId }), {
    name: 'NotAuthorizedException',
    message: `Access to Identity '${identityId}' is forbidden.`,
  })
  const command = new GetOpenIdTokenCommand({ IdentityId: identityId, Logins })
  await assert.rejects(app.send(command), { name: 'NotAuthorizedException' })
})

test("a guest's token gives the role of guests", async (t) => {
  const { openIdToken, credentials, callerOf } = await startPool(t, {
    ...guests,
    identityPool: { roles: { authenticated: role('user'), unauthenticated: role('guest') } },
  })
  const { token } = await openIdToken()
  const arn = await callerOf(await credentials({ 'cognito-identity.amazonaws.com': token }))
  assert.equal(arn, 'arn:aws:sts::000000000000:assumed-role/guest/CognitoIdentityCredentials')
})

test('a token of another pool, and an altered one, is no login', async (t) => {
  const { logins, openIdToken, getId } = await startPool(t)
  const stranger = await startPool(t)
  const key = 'cognito-identity.amazonaws.com'
  const foreign = (await stranger.openIdToken(await stranger.logins('ana'))).token
  const unverifiable = notAuthorized("Invalid login token. Couldn't verify signed token.")
  await assert.rejects(getId({ [key]: foreign }), unverifiable)
  const { token } = await openIdToken(await logins('ana'))
  const [header, , signature] = token.split('.')
  const claims = Buffer.from(JSON.stringify({ ...unverified(token).claims, amr: ['authenticated'] }))
  const forged = `${header}.${claims.toString('base64url')}.${signature}`
  await assert.rejects(getId({ [key]: forged }), unverifiable)
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  await assert.rejects(getId({ [key]: `${none}.${token.split('.')[1]}.` }), unverifiable)
})

test("a guest's token beside a known login leads to that user's identity, at GetId as well", async (t) => {
  const { logins, openIdToken, getId } = await startPool(t, guests)
  const ana = await getId(await logins('ana'))
  const { token } = await openIdToken()
  assert.equal(await getId({ 'cognito-identity.amazonaws.com': token, ...(await logins('ana')) }), ana)
  await assert.rejects(
    getId({ 'cognito-identity.amazonaws.com': token }),
    notAuthorized(/^Access to Identity '|^Logins don't/),
  )
})
