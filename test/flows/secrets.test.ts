import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { Browser } from '../support/app.ts'
import { ana, canary, clientSecret, Journey, sessionSecret } from './secrets-journey.ts'

const error = (type: string, message: string) => ({
  status: 400,
  body: JSON.stringify({ __type: type, message, error: type, error_description: message }),
})

describe('a whole journey, with everything logged that can be', () => {
  let local: LocalCognito
  let journey: Journey
  const upstream = canary('upstream')

  before(async () => {
    journey = new Journey()
    await once(journey.child, 'message')
    for (const [name, value] of Object.entries({ clientSecret, sessionSecret, upstream }))
      journey.watch(name, value)
    journey.watch('password', ana.password)
    const client = {
      clientSecret,
      callbackURLs: [`${journey.url}/callback`],
      logoutURLs: [`${journey.url}/`],
      refreshTokenRotation: { retryGracePeriodSeconds: 0 },
    }
    local = await startLocalCognito({ users: [ana], clients: [client] })
    await journey.order({ wire: { userPool: local.userPool, identityPool: local.identityPool } })
    await travel()
    await journey.order({ rows: true })
    const closed = once(journey.child, 'close')
    journey.child.kill('SIGTERM')
    await closed
  })
  after(async () => {
    journey.child.kill('SIGKILL')
    await local.close()
  })

  const tokenOf = (name: string) => [...(journey.canaries.get(name) ?? [])].at(-1) ?? ''

  async function travel(): Promise<void> {
    await journey.signIn()
    assert.equal((await journey.fetch('/identity')).status, 200)
    await journey.order({ rows: true })
    await callApi()
    await refreshAndFail()
    await failAtCredentials()
    local.fail('revoke', { status: 500, body: upstream }, { times: 1 })
    assert.equal((await journey.post('/logout')).status, 303)
    await failAtCallback()
    await journey.signIn()
    assert.equal((await journey.post('/logout')).status, 303)
  }

  async function callApi(): Promise<void> {
    const anonymous = new Browser(journey)
    const token = tokenOf('accessToken')
    const [header, payload, signature = ''] = token.split('.')
    const wrong = [token.slice(0, -4), `${header}.${payload}.${signature.replace(/^.{8}/, 'AAAAAAAA')}`]
    for (const sent of [...wrong, tokenOf('idToken'), `${token} ${token}`, `${token}é`, header])
      await journey.note('/api/me', anonymous.fetch('/api/me', { authorization: `Bearer ${sent}` }))
    const basic = { authorization: `Basic ${Buffer.from(`a:${clientSecret}`).toString('base64')}` }
    await journey.note('/api/me', anonymous.fetch('/api/me', basic))
    const own = { authorization: `Bearer ${token}` }
    assert.equal((await journey.note('/api/me', anonymous.fetch('/api/me', own))).status, 200)
  }

  async function refreshAndFail(): Promise<void> {
    await journey.order({ later: 3_700 })
    local.clock.advance(3_700)
    local.fail('token', { status: 500, body: `${upstream} ${tokenOf('refreshToken')}` }, { times: 1 })
    assert.equal((await journey.fetch('/account')).status, 503)
    await journey.order({ storeDown: true })
    await journey.order({ later: 2 })
    assert.equal((await journey.fetch('/account')).status, 503)
    await journey.order({ storeDown: false })
    assert.equal((await journey.fetch('/account')).status, 200)
  }

  /** The credentials of the first ask have expired with the tokens, so each request asks anew. */
  async function failAtCredentials(): Promise<void> {
    for (const [fault, status] of [
      [error('NotAuthorizedException', `Token is not valid. ${tokenOf('idToken')}`), 403],
      [error('ValidationException', `Value '{x=${tokenOf('idToken')}}' at 'logins' failed`), 500],
      [{ status: 500, body: tokenOf('idToken') }, 503],
    ] as const) {
      const heal = local.fail('GetCredentialsForIdentity', fault)
      const healId = local.fail('GetId', fault)
      const { status: came } = await journey.fetch('/identity')
      heal()
      healId()
      assert.equal(came, status)
    }
  }

  async function failAtCallback(): Promise<void> {
    const partial = { access_token: tokenOf('accessToken'), id_token: 'x', token_type: 'Bearer' }
    for (const fault of [
      error('invalid_grant', `${upstream} code`),
      error('invalid_client', upstream),
      { status: 200, body: JSON.stringify(partial) },
      'garbage',
    ] as const) {
      const callback = await journey.callback()
      const heal = local.fail('token', fault)
      assert.ok((await journey.open(callback)).status >= 400)
      heal()
      assert.equal((await journey.open(callback)).status, 400)
    }
    const query = new URL(await journey.callback()).searchParams
    const refused = `error=access_denied&error_description=${upstream}&state=${query.get('state')}`
    await journey.open(`/callback?${refused}`)
    await journey.open(`/callback?code=${query.get('code')}&state=${canary('forged')}`)
  }

  test('the journey met every secret that there is', () => {
    assert.deepEqual([...journey.canaries.keys()].sort(), [
      'accessKeyId',
      'accessToken',
      'clientSecret',
      'code',
      'codeVerifier',
      'idToken',
      'password',
      'refreshToken',
      'secretAccessKey',
      'sessionSecret',
      'sessionToken',
      'state',
      'upstream',
    ])
    assert.ok((journey.canaries.get('refreshToken')?.size ?? 0) >= 3, 'the refresh token was rotated')
  })

  test('SH-01 no secret is printed, at every log level and with every object logged', () => {
    assert.match(journey.printed, /express-session/)
    assert.match(journey.printed, /HTTP \d+/)
    assert.match(journey.printed, /\[redacted\]/)
    // Express itself prints the URL of every request, as an access log would.
    const lines = journey.printed.split('\n').filter((line) => !line.includes('/callback?'))
    const telling = lines
      .map((line) => [journey.found(line), line.slice(0, 60)] as const)
      .filter(([found]) => found.length > 0)
    assert.deepEqual(telling, [])
    assert.deepEqual(journey.found(journey.printed, ['code', 'state', 'upstream']), [])
  })

  test('SH-01 no secret is in an answer, but for the state in the redirect to Cognito', () => {
    for (const { path, status, head, location: to, body } of journey.answers) {
      assert.deepEqual(journey.found(head), [], `${status} ${path}`)
      assert.deepEqual(journey.found(body), [], `${status} ${path}`)
      const toCognito = to?.startsWith(`${local.url}/oauth2/authorize`) ?? false
      assert.deepEqual(journey.found(to ?? '', toCognito ? ['state'] : []), [], `${status} ${path}`)
    }
  })

  test('SH-05 no token, credential or secret is in a URL that the app asks for, nor in a Referer', () => {
    assert.ok(journey.asked.some((url) => url.includes('/oauth2/token')))
    assert.ok(journey.asked.some((url) => url.includes('/oauth2/revoke')))
    assert.deepEqual(
      journey.asked.flatMap((url) => journey.found(url)),
      [],
    )
  })

  test('SH-05 no AWS credential is in a session row', () => {
    assert.match(journey.rows, /cookie/)
    const found = journey.found(journey.rows).filter((name) => /^(accessKeyId|secret|sessionT)/.test(name))
    assert.deepEqual(found, [])
  })
})
