import assert from 'node:assert/strict'
import test from 'node:test'
import { SignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import type { LocalCognito } from '../../src/local/index.ts'
import { stage } from './cognito-idp/stage.ts'
import { claimsOf } from './domain.ts'

/** Everything that a sign-up, a sign-in and an identity leave behind, keys and signatures aside. */
async function journey(local: LocalCognito, on: Pick<Awaited<ReturnType<typeof stage>>, 'sdk'>) {
  const attributes = [{ Name: 'email', Value: 'new@example.com' }]
  const signUp = { ClientId: local.userPool.clientId, Username: 'new', Password: 'Passw0rd!' }
  const { UserSub } = await on.sdk.send(new SignUpCommand({ ...signUp, UserAttributes: attributes }))
  const call = async (service: string, operation: string, input: object) => {
    const headers = { 'x-amz-target': `${service}.${operation}` }
    const response = await fetch(local.url, { method: 'POST', headers, body: JSON.stringify(input) })
    return JSON.parse(await response.text())
  }
  const { AuthenticationResult: tokens } = await call('AWSCognitoIdentityProviderService', 'InitiateAuth', {
    ClientId: local.userPool.clientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'ana', PASSWORD: 'Passw0rd!' },
  })
  const identity = await call('AWSCognitoIdentityService', 'GetId', {
    IdentityPoolId: local.identityPool.identityPoolId,
  })
  const { iss: _, ...claims } = claimsOf(tokens.IdToken)
  const code = local.outbox.latest('new@example.com')?.code
  return {
    UserSub,
    code,
    claims,
    refreshToken: tokens.RefreshToken,
    identity,
    log: local.requests.log().length,
  }
}

const options = { clients: [{}], allowUnauthenticatedIdentities: true }

test('with the same seed, ids, codes, tokens and times are the same at every start and after a reset', async (t) => {
  const [first, second, other] = [
    await stage(t, { ...options, seed: 'snapshot' }),
    await stage(t, { ...options, seed: 'snapshot' }),
    await stage(t, { ...options, seed: 'another' }),
  ]
  const seen = await journey(first.local, first)
  assert.equal(first.local.userPool.clientId, second.local.userPool.clientId)
  assert.deepEqual(await journey(second.local, second), seen)
  await first.local.reset()
  assert.deepEqual(await journey(first.local, first), seen)
  assert.equal(seen.claims['auth_time'], Date.UTC(2026, 0, 1) / 1000)
  const different = await journey(other.local, other)
  assert.notEqual(different.UserSub, seen.UserSub)
  assert.notEqual(different.claims['jti'], seen.claims['jti'])
  assert.notEqual(different.refreshToken, seen.refreshToken)
})

test('a seeded clock stands still until it is advanced', async (t) => {
  const { local } = await stage(t, { seed: '1' })
  const start = local.clock.now()
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.equal(local.clock.now(), start)
  local.clock.advance(60)
  assert.equal(local.clock.now(), start + 60_000)
})

test('without a seed nothing repeats', async (t) => {
  const [first, second] = [await stage(t, options), await stage(t, options)]
  assert.notEqual(first.local.userPool.clientId, second.local.userPool.clientId)
  const [one, two] = [await journey(first.local, first), await journey(second.local, second)]
  assert.notEqual(one.UserSub, two.UserSub)
  assert.notDeepEqual(one.identity, two.identity)
})
