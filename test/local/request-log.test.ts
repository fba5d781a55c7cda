import assert from 'node:assert/strict'
import test from 'node:test'
import { ana, clientSecret, codeFor, exchange, post, start } from './domain.ts'

test('the log says who asked for what, how it ended, and nothing that is secret', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const code = await codeFor(local)
  const { body: tokens } = await exchange(local, { code })
  await post(local, '/oauth2/token', {
    grant_type: 'refresh_token',
    client_id: 'nobody1',
    refresh_token: 'hunter2',
  })
  const target = { 'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth' }
  const initiateAuth = (USERNAME: string, PASSWORD: string) =>
    fetch(local.url, {
      method: 'POST',
      headers: target,
      body: JSON.stringify({
        ClientId: 'public1',
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME, PASSWORD },
      }),
    })
  await initiateAuth('ana', ana.password)
  await initiateAuth('hunter2', 'ana')
  await fetch(`${local.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${String(tokens['access_token'])}` },
  })
  const basic = Buffer.from(`confidential1:${clientSecret}`).toString('base64')
  await post(local, '/oauth2/revoke', { token: 'hunter2' }, { authorization: `Basic ${basic}` })
  local.fail('jwks', 'reset', { times: 1 })
  await assert.rejects(fetch(`${local.url}/us-east-1_Local0001/.well-known/jwks.json`))

  const log = local.requests.log()
  assert.deepEqual(
    log.map(({ method, operation, status, client, user }) => [method, operation, status, client, user]),
    [
      ['GET', 'authorize', 302, 'public1', undefined],
      ['GET', 'login', 200, 'public1', undefined],
      ['POST', 'login', 302, 'public1', 'ana'],
      ['POST', 'token', 200, 'public1', undefined],
      ['POST', 'token', 400, undefined, undefined],
      ['POST', 'InitiateAuth', 200, 'public1', 'ana'],
      ['POST', 'InitiateAuth', 400, 'public1', undefined],
      ['GET', 'userInfo', 200, 'public1', 'ana'],
      ['POST', 'revoke', 200, 'confidential1', undefined],
      ['GET', 'jwks', 'reset', undefined, undefined],
    ],
  )
  for (const { ms, at } of log) assert.deepEqual([Number.isInteger(ms), typeof at], [true, 'number'])
  const text = JSON.stringify(log)
  for (const secret of [
    'hunter2',
    ana.password,
    clientSecret,
    code,
    ...Object.values(tokens).filter((value) => String(value).length > 20),
  ])
    assert.equal(text.includes(String(secret)), false)
  local.requests.clear()
  assert.deepEqual(local.requests.log(), [])
})

test('the log keeps the last 1,000 requests', async (t) => {
  const local = await start()
  t.after(() => local.close())
  for (let sent = 0; sent < 1_003; sent += 1)
    await fetch(`${local.url}/error`, { method: sent === 2 ? 'HEAD' : 'GET' })
  assert.equal(local.requests.log().length, 1_000)
  assert.equal(
    local.requests.log().some(({ method }) => method === 'HEAD'),
    false,
  )
})
