import assert from 'node:assert/strict'
import test, { beforeEach, afterEach } from 'node:test'
import {
  CognitoIdentityProviderClient,
  GetUserCommand,
  type GetUserCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalCognito } from '../../src/local/index.ts'
import { ana, authorizeUrl, post, start } from './domain.ts'
import { signInOnLoginPage } from '../support/login-form.ts'

let local: LocalCognito
beforeEach(async () => {
  local = await start()
})
afterEach(() => local.close())

const jwksUrl = () => `${local.url}/${local.userPool.userPoolId}/.well-known/jwks.json`

async function getUser(): Promise<GetUserCommandOutput> {
  const client = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: local.url,
    maxAttempts: 1,
  })
  try {
    return await client.send(
      new GetUserCommand({ AccessToken: await local.issueToken({ tokenUse: 'access' }) }),
    )
  } finally {
    client.destroy()
  }
}

test('requests are counted by operation, refused ones too', async () => {
  await signInOnLoginPage(authorizeUrl(local), ana)
  await post(local, '/oauth2/token', {})
  await getUser()
  const { requests } = local
  assert.deepEqual(
    ['authorize', 'login', 'token', 'GetUser', 'GetId'].map((operation) => requests.count(operation)),
    [1, 2, 1, 1, 0],
  )
  assert.equal(requests.total(), 5)
  requests.clear()
  assert.equal(requests.count('login') + requests.total(), 0)
})

test('a misspelt operation throws instead of counting nothing or failing nothing', () => {
  assert.throws(() => local.requests.count('InitateAuth'), { name: 'ConfigurationError' })
  assert.throws(() => local.fail('Token', 'hang'), { name: 'ConfigurationError' })
})

for (const [what, fault, options, named] of [
  ['a misspelt name', 'hangs', undefined, /"fault"/],
  ['nothing', null, undefined, /"fault"/],
  ['a bare number', 500, undefined, /"fault"/],
  ['a misspelt member', { code: 500 }, undefined, /"fault\.code"/],
  ['no status', {}, undefined, /"fault\.status"/],
  ['a status that HTTP does not have', { status: 600 }, undefined, /"fault\.status"/],
  ['a status that is no answer yet', { status: 100 }, undefined, /"fault\.status"/],
  ['a broken status', { status: 500.5 }, undefined, /"fault\.status"/],
  ['a body that is no string', { status: 500, body: {} }, undefined, /"fault\.body"/],
  ['no times at all', 'hang', { times: 0 }, /"fail\.times"/],
  ['half a time', 'hang', { times: 0.5 }, /"fail\.times"/],
  ['a misspelt option', 'hang', { time: 1 }, /"fail\.time"/],
] as const) {
  test(`a fault with ${what} is refused by name and fails nothing`, async () => {
    assert.throws(() => local.fail('jwks', fault as never, options as never), {
      name: 'ConfigurationError',
      message: named,
    })
    assert.equal((await fetch(jwksUrl())).status, 200)
  })
}

test('the clock is moved by finite numbers only', () => {
  for (const seconds of [NaN, Infinity, '60', undefined])
    assert.throws(() => local.clock.advance(seconds as never), { name: 'ConfigurationError' })
  assert.ok(Math.abs(local.clock.now() - Date.now()) < 1000)
})

test('a status fault lasts until it is healed, is counted, and leaves other operations alone', async () => {
  const heal = local.fail('jwks', { status: 503, body: '{"error":"busy"}' })
  for (let call = 0; call < 2; call += 1) {
    const response = await fetch(jwksUrl())
    assert.equal(response.status, 503)
    assert.deepEqual(await response.json(), { error: 'busy' })
  }
  assert.equal(local.requests.count('jwks'), 2)
  assert.equal((await fetch(`${local.url}/oauth2/userInfo`)).status, 400)
  heal()
  assert.equal((await fetch(jwksUrl())).status, 200)
})

test('a fault may last a number of times', async () => {
  local.fail('jwks', { status: 500 }, { times: 2 })
  const statuses = []
  for (let call = 0; call < 3; call += 1) statuses.push((await fetch(jwksUrl())).status)
  assert.deepEqual(statuses, [500, 500, 200])
})

test('the star fails every operation', async () => {
  const heal = local.fail('*', { status: 500 })
  assert.equal((await fetch(jwksUrl())).status, 500)
  assert.equal((await fetch(`${local.url}/login`)).status, 500)
  await assert.rejects(getUser())
  heal()
  assert.ok(await getUser())
})

test('hang never answers', async () => {
  local.fail('jwks', 'hang')
  await assert.rejects(fetch(jwksUrl(), { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' })
  assert.equal(local.requests.count('jwks'), 1)
})

test('reset drops the connection', async () => {
  local.fail('jwks', 'reset', { times: 1 })
  await assert.rejects(fetch(jwksUrl()), TypeError)
  assert.equal((await fetch(jwksUrl())).status, 200)
})

test('garbage is HTML with status 200', async () => {
  local.fail('token', 'garbage')
  const response = await fetch(`${local.url}/oauth2/token`, { method: 'POST' })
  assert.equal(response.status, 200)
  assert.match(await response.text(), /<h1>/)
})

test('throttling is 429 on OAuth endpoints and TooManyRequestsException on JSON APIs', async () => {
  local.fail('*', 'throttle')
  assert.equal((await fetch(`${local.url}/oauth2/token`, { method: 'POST' })).status, 429)
  await assert.rejects(getUser(), (error: { name: string; $metadata: { httpStatusCode?: number } }) => {
    assert.equal(error.name, 'TooManyRequestsException')
    assert.equal(error.$metadata.httpStatusCode, 400)
    return true
  })
  assert.equal((await fetch(`${local.url}/files/some-key`)).status, 503)
})

test('the clock moves every expiry', async () => {
  const token = await local.issueToken({ tokenUse: 'access', expiresInSeconds: 60 })
  const userInfo = () =>
    fetch(`${local.url}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await userInfo()).status, 200)
  local.clock.advance(61)
  assert.equal((await userInfo()).status, 401)
  local.clock.advance(-61)
  assert.equal((await userInfo()).status, 200)
})
