import assert from 'node:assert/strict'
import test from 'node:test'
import { createClock } from '../../src/local/lib/clock.ts'
import { clientFrom } from '../../src/local/options/client-options.ts'
import { createRefreshTokens } from '../../src/local/user-pool/refresh-tokens.ts'
import { createSignIns } from '../../src/local/user-pool/sign-ins.ts'
import { userFrom } from '../../src/local/options/user-options.ts'
import { settingsFrom } from '../../src/local/options/user-pool-options.ts'
import { ana, post, refresh, start, tokensFor } from './domain.ts'

test('an expired refresh token is told from an unknown one, on the domain and through the API', async (t) => {
  const local = await start({
    clients: [
      { clientId: 'public1', refreshTokenValiditySeconds: 3600 },
      { clientId: 'rotating', refreshTokenRotation: {}, refreshTokenValiditySeconds: 3600 },
    ],
  })
  t.after(() => local.close())
  const token = (await tokensFor(local)).refresh_token
  const rotated = (await tokensFor(local, { client_id: 'rotating' })).refresh_token
  const replacement = String((await refresh(local, rotated, 'rotating')).body['refresh_token'])
  local.clock.advance(3599)
  assert.equal((await refresh(local, token)).status, 200)
  local.clock.advance(1)
  const expired = { error: 'invalid_grant', error_description: 'Refresh Token has expired' }
  assert.deepEqual((await refresh(local, token)).body, expired)
  assert.deepEqual((await refresh(local, replacement, 'rotating')).body, expired)
  const response = await fetch(local.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' },
    body: JSON.stringify({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: 'public1',
      AuthParameters: { REFRESH_TOKEN: token },
    }),
  })
  const { __type: type, message } = (await response.json()) as { __type: string; message: string }
  assert.deepEqual([type, message], ['NotAuthorizedException', 'Refresh Token has expired'])
})

test('a refresh that asks for an unknown scope is refused, and a rotating client keeps its token', async (t) => {
  const local = await start({ clients: [{ clientId: 'rotating', refreshTokenRotation: {} }] })
  t.after(() => local.close())
  const { refresh_token: token } = await tokensFor(local)
  const ask = (scope: string) => {
    const grant = { grant_type: 'refresh_token', client_id: 'rotating', refresh_token: token, scope }
    return post(local, '/oauth2/token', grant)
  }
  const refused = await ask('openid magic')
  assert.deepEqual([refused.status, refused.body], [400, { error: 'invalid_scope' }])
  assert.equal((await ask('openid email')).status, 200)
})

test('a revoked sign-in is forgotten when none of its tokens can be alive', () => {
  const clock = createClock()
  const client = clientFrom('client', {
    refreshTokenValiditySeconds: 3600,
    accessTokenValiditySeconds: 86_400,
  })
  const user = userFrom('user', ana, {
    userPoolId: 'us-east-1_Local0001',
    settings: settingsFrom('userPool'),
  })
  const refreshTokens = createRefreshTokens(clock)
  const signIns = createSignIns(clock)
  const signIn = signIns.start({ user, client, scopes: undefined, authTime: clock.nowSeconds() })
  assert.equal(refreshTokens.revoke(refreshTokens.issue(signIn), client), 'revoked')
  clock.advance(3600 + 86_400)
  assert.equal(signIns.isRevoked(signIn.originJti), true)
  assert.equal(signIns.isRevoked(signIn.eventId), true)
  clock.advance(40 * 86_400)
  assert.equal(signIns.isRevoked(signIn.originJti), false)
})
