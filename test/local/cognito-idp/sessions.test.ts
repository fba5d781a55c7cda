import assert from 'node:assert/strict'
import test from 'node:test'
import {
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  ListUserSessionsCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { claimsOf, refresh, tokensFor } from '../domain.ts'
import { allFlows, ana, invalid, notAuthorized, refused, stage, type Stage } from './stage.ts'

const clientSecret = 'l0calSecretOfTheConfidentialClient'
const rotating = (retryGracePeriodSeconds: number) => ({
  clients: [
    {
      clientId: 'public1',
      refreshTokenRotation: { retryGracePeriodSeconds },
      refreshTokenValiditySeconds: 3600,
    },
  ],
})

async function signIn(on: Stage, clientId = 'public1') {
  const { AuthenticationResult } = await on.initiate(
    'USER_PASSWORD_AUTH',
    { USERNAME: 'ana', PASSWORD: ana.password },
    { clientId },
  )
  const { AccessToken = '', RefreshToken = '', IdToken = '' } = AuthenticationResult ?? {}
  return { AccessToken, RefreshToken, IdToken }
}

const get = (on: Stage, RefreshToken: string, more: { ClientId?: string; ClientSecret?: string } = {}) =>
  on.sdk.send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId: 'public1', ...more }))
const getUser = (on: Stage, AccessToken: string) => on.sdk.send(new GetUserCommand({ AccessToken }))

test('GetTokensFromRefreshToken keeps the sign-in, and without rotation the refresh token', async (t) => {
  const on = await stage(t)
  const { RefreshToken, IdToken } = await signIn(on)
  on.local.clock.advance(10)
  const { AuthenticationResult } = await get(on, RefreshToken)
  assert.equal(AuthenticationResult?.RefreshToken, undefined)
  const [before, after] = [claimsOf(IdToken), claimsOf(AuthenticationResult?.IdToken ?? '')]
  for (const claim of ['origin_jti', 'event_id', 'auth_time', 'sub'])
    assert.equal(after[claim], before[claim], claim)
  assert.notEqual(after['jti'], before['jti'])
  assert.equal(Number(after['iat']) - Number(before['iat']) >= 10, true)
})

test('GetTokensFromRefreshToken wants the plain secret of a confidential client', async (t) => {
  const clients = [
    { clientId: 'public1' },
    { clientId: 'confidential1', clientSecret, explicitAuthFlows: [...allFlows] },
  ]
  const on = await stage(t, { clients })
  const { RefreshToken } = await signIn(on)
  const ClientId = 'confidential1'
  const unable = 'Unable to verify client secret for client confidential1'
  await refused(get(on, RefreshToken, { ClientId }), notAuthorized, unable)
  await refused(get(on, RefreshToken, { ClientId, ClientSecret: 'another' }), notAuthorized, unable)
  await refused(
    get(on, RefreshToken, { ClientId, ClientSecret: clientSecret }),
    notAuthorized,
    'Invalid Refresh Token',
  )
  await refused(get(on, 'a.b.c'), notAuthorized, 'Invalid Refresh Token')
  await refused(
    get(on, RefreshToken, { ClientId: 'nobody' }),
    'ResourceNotFoundException',
    'User pool client nobody does not exist.',
  )
})

test('with rotation each refresh token counts once, and its replacement expires when it would have', async (t) => {
  const on = await stage(t, rotating(0))
  const first = (await signIn(on)).RefreshToken
  const off = 'REFRESH_TOKEN_AUTH flow not enabled for this client'
  await refused(on.initiate('REFRESH_TOKEN_AUTH', { REFRESH_TOKEN: first }), invalid, off)
  const second = (await get(on, first)).AuthenticationResult?.RefreshToken ?? ''
  assert.notEqual(second, '')
  await refused(get(on, first), 'RefreshTokenReuseException', 'RefreshTokenReuse')
  const third = (await get(on, second)).AuthenticationResult?.RefreshToken ?? ''
  on.local.clock.advance(3600)
  await refused(get(on, third), notAuthorized, 'Refresh Token has expired')
})

test('within the grace period a rotated token may be repeated', async (t) => {
  const on = await stage(t, rotating(30))
  const { RefreshToken } = await signIn(on)
  await get(on, RefreshToken)
  on.local.clock.advance(29)
  assert.notEqual((await get(on, RefreshToken)).AuthenticationResult?.RefreshToken, undefined)
  on.local.clock.advance(1)
  await refused(get(on, RefreshToken), 'RefreshTokenReuseException', 'RefreshTokenReuse')
})

test('a global sign-out ends every sign-in of the user, of the domain too, and no later one', async (t) => {
  const bo = { username: 'bo', password: ana.password }
  const on = await stage(t, { users: [ana, bo] })
  const [one, two] = [await signIn(on), await signIn(on)]
  const domain = await tokensFor(on.local)
  const other = await on.initiate('USER_PASSWORD_AUTH', { USERNAME: 'bo', PASSWORD: bo.password })
  await on.sdk.send(new GlobalSignOutCommand({ AccessToken: one.AccessToken }))
  for (const { AccessToken, RefreshToken } of [one, two]) {
    await refused(getUser(on, AccessToken), notAuthorized, 'Access Token has been revoked')
    await refused(get(on, RefreshToken), notAuthorized, 'Refresh Token has been revoked')
  }
  assert.equal((await refresh(on.local, domain.refresh_token)).status, 400)
  const info = await fetch(`${on.local.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${domain.access_token}` },
  })
  assert.equal(info.status, 401)
  assert.equal((await getUser(on, other.AuthenticationResult?.AccessToken ?? '')).Username, 'bo')
  assert.equal((await getUser(on, (await signIn(on)).AccessToken)).Username, 'ana')
})

test('a client without revocation revokes nothing, has no origin_jti, and a global sign-out ends its sign-ins all the same', async (t) => {
  const clients = [{ clientId: 'public1', enableTokenRevocation: false }]
  const on = await stage(t, { clients })
  const { AccessToken, RefreshToken } = await signIn(on)
  assert.deepEqual(
    [claimsOf(AccessToken)['origin_jti'], claimsOf(AccessToken)['jti']],
    [undefined, undefined],
  )
  await refused(
    on.sdk.send(new RevokeTokenCommand({ Token: RefreshToken, ClientId: 'public1' })),
    'UnsupportedOperationException',
    'Token revocation is not enabled for the client',
  )
  await on.sdk.send(new GlobalSignOutCommand({ AccessToken }))
  await refused(getUser(on, AccessToken), notAuthorized, 'Access Token has been revoked')
})

test('sign-ins are listed and ended one by one, the current one excepted', async (t) => {
  const on = await stage(t)
  const [mine, other] = [await signIn(on), await signIn(on)]
  const list = async () =>
    (await on.sdk.send(new ListUserSessionsCommand({ AccessToken: mine.AccessToken }))).Sessions ?? []
  const sessions = await list()
  assert.deepEqual(
    sessions.map((one) => [one.SessionType, one.ClientId, one.IsCurrentSession]),
    [
      ['TOKEN', 'public1', true],
      ['TOKEN', 'public1', false],
    ],
  )
  for (const { SessionId } of sessions) assert.match(SessionId ?? '', /^tkn\w{25}$/)
  const revoke = (SessionId: string | undefined) =>
    on.sdk.send(new RevokeUserSessionCommand({ AccessToken: mine.AccessToken, SessionId }))
  await refused(revoke(sessions[0]?.SessionId), invalid, 'The current session cannot be revoked.')
  await revoke(sessions[1]?.SessionId)
  await refused(getUser(on, other.AccessToken), notAuthorized, 'Access Token has been revoked')
  await refused(revoke(sessions[1]?.SessionId), 'ResourceNotFoundException', 'Session does not exist.')
  const named = { UserPoolId: on.local.userPool.userPoolId, Username: 'ana' }
  const left = (await on.sdk.send(new AdminListUserSessionsCommand(named))).Sessions ?? []
  assert.equal(left.length, 1)
  await on.sdk.send(new AdminRevokeUserSessionCommand({ ...named, SessionId: left[0]?.SessionId }))
  await refused(getUser(on, mine.AccessToken), notAuthorized, 'Access Token has been revoked')
})
