import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import { format, inspect } from 'node:util'
import type { NextFunction, Request, Response } from 'express'
import {
  bearer,
  type CognitoError,
  CognitoStrategy,
  type CognitoUser,
  getAuth,
  UserPool,
} from '../../src/index.ts'
import { startLocalCognito } from '../../src/local/index.ts'
import { ana, Browser, listen, startApp, type TestApp } from '../support/app.ts'
import express from '../support/express.ts'

/** Every way in which a value ends up in a log. */
function printed(value: unknown, { json = true } = {}): string {
  const copy = { ...(value as object) }
  return [
    inspect(value, { depth: null, showHidden: true }),
    format('%o %O', value, value),
    ...(json ? [JSON.stringify(value), format('%j', value)] : []),
    inspect(copy, { depth: null }),
  ].join('\n')
}

function assertHidden(text: string, secrets: readonly (string | undefined)[]): void {
  for (const [index, secret] of secrets.entries()) {
    assert.ok(secret !== undefined && secret.length > 8, `secret ${index} is missing`)
    assert.ok(!text.includes(secret), `secret ${index} is shown`)
  }
}

describe('what is shown of objects that hold secrets', () => {
  let app: TestApp
  let seen: { user: CognitoUser; auth: ReturnType<typeof getAuth> }
  before(async () => {
    app = await startApp({
      client: { clientSecret: 'a0b1c2d3e4f5a6b7c8d9e0f1' },
      routes: (routes) => {
        routes.get('/see', (req: Request, res: Response) => {
          seen = { user: req.user as CognitoUser, auth: getAuth(req) }
          res.end()
        })
      },
    })
    const browser = new Browser(app)
    await browser.signIn()
    await browser.fetch('/see')
  })
  after(() => app.close())
  const tokens = () => Object.values(seen.user.tokens) as string[]

  test('SH-03 req.cognito shows claims and no token, copied or not', () => {
    const text = printed(seen.auth)
    assert.match(text, /token_use/)
    assertHidden(text, [...tokens(), seen.auth.token])
    assert.equal(Object.keys(seen.auth).includes('token'), false)
  })

  test('SH-03 req.user shows [redacted] where its tokens are, copied or not', () => {
    const text = printed(seen.user, { json: false })
    assert.match(text, /idToken: '\[redacted\]'/)
    assertHidden(text, tokens())
  })

  test('SH-03 AWS credentials show [redacted], as JSON too', async () => {
    const credentials = await seen.auth.credentials()
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const text = [inspect(credentials, { showHidden: true }), JSON.stringify({ credentials })].join()
    assert.match(text, /\[redacted\]/)
    assertHidden(text, [accessKeyId, secretAccessKey, sessionToken])
  })

  test('SH-03 pools and strategy show no client secret', () => {
    const { userPool, identityPool } = app
    const strategy = new CognitoStrategy({ userPool, callbackURL: `${app.url}/callback` })
    for (const value of [userPool, identityPool, strategy, strategy.options]) {
      const text = printed(value)
      assertHidden(text, ['a0b1c2d3e4f5a6b7c8d9e0f1', ...tokens()])
      assert.doesNotMatch(text, /clientSecret/)
    }
  })

  test('SH-03 an error shows no token, its cause included', async () => {
    const [idToken = '', accessToken = ''] = [seen.user.tokens.idToken, seen.user.tokens.accessToken]
    const [header, payload, signature = ''] = accessToken.split('.')
    for (const token of [
      idToken,
      accessToken.slice(0, -4),
      `${header}.${payload}.${signature.replace(/^.{8}/, 'AAAAAAAA')}`,
      `${header}.${Buffer.from('{"iss":').toString('base64url')}.${signature}`,
    ]) {
      const error = await app.userPool.verify(token, { tokenUse: 'access' }).then(
        () => assert.fail('accepted'),
        (refusal: unknown) => refusal,
      )
      assertHidden(
        printed(error),
        token.split('.').filter(({ length }) => length > 16),
      )
    }
  })
})

describe('what a client is told of an error', () => {
  const upstream = 'the-words-of-an-upstream.internal.example'
  let app: TestApp
  before(async () => {
    app = await startApp({
      routes: (routes, { userPool }) => {
        routes.get('/api/id', bearer({ userPool, tokenUse: 'id' }), (_req, res) => void res.end())
      },
    })
  })
  after(() => app.close())
  beforeEach(() => (app.errors.length = 0))

  /** Fixed text and a code, and nothing else: no stack, no words of an upstream, no host. */
  async function assertFixed(answer: globalThis.Response, status: number, code: string): Promise<void> {
    assert.equal(answer.status, status)
    const body = (await answer.json()) as Record<string, string>
    assert.deepEqual(Object.keys(body).sort(), ['error', 'message'])
    assert.equal(body['error'], code)
    assert.match(body['message'] ?? '', /^[A-Z][\w ',-]+\.( [A-Z][\w ]+\.)?$/)
    const { host } = new URL(app.local.url)
    const text = JSON.stringify([body, [...answer.headers]])
    for (const part of [upstream, host, 'at file:', '.ts:']) assert.ok(!text.includes(part), part)
  }

  const refusal = (type: string, status = 400) => {
    const words = { __type: type, message: upstream, error: type, error_description: upstream }
    return { status, body: JSON.stringify(words) }
  }

  const atCallback = [
    ['invalid_grant', 400, 'ERR_COGNITO_CALLBACK'],
    ['invalid_client', 502, 'ERR_COGNITO_CALLBACK'],
    ['server_error', 503, 'ERR_COGNITO_UNAVAILABLE'],
  ] as const
  for (const [type, status, code] of atCallback) {
    test(`SH-04 ${type} of the token endpoint is ${status} with fixed text`, async () => {
      const browser = new Browser(app)
      const callback = await browser.callbackOf()
      app.local.fail('token', refusal(type), { times: 1 })
      await assertFixed(await browser.open(callback), status, code)
    })
  }

  const atIdentityPool = [
    ['NotAuthorizedException', 400, 403, 'ERR_COGNITO_CREDENTIALS'],
    ['ResourceNotFoundException', 400, 500, 'ERR_COGNITO_CREDENTIALS'],
    ['InternalErrorException', 500, 503, 'ERR_COGNITO_UNAVAILABLE'],
  ] as const
  for (const [type, upstreamStatus, status, code] of atIdentityPool) {
    test(`SH-04 ${type} of the identity pool is ${status} with fixed text`, async () => {
      const browser = new Browser(app)
      await browser.signIn()
      const heal = app.local.fail('GetId', refusal(type, upstreamStatus))
      await assertFixed(await browser.fetch('/identity'), status, code)
      heal()
    })
  }

  test('SH-04 what a guard or bearer() answers itself is fixed text', async () => {
    const browser = new Browser(app)
    await assertFixed(await browser.fetch('/account'), 401, 'ERR_COGNITO_UNAUTHENTICATED')
    const send = (token: string, path = '/api/me') =>
      browser.fetch(path, { authorization: `Bearer ${token}` })
    await assertFixed(await send(upstream), 401, 'ERR_COGNITO_INVALID_TOKEN')
    await assertFixed(await send(`${upstream} ${upstream}`), 400, 'ERR_COGNITO_INVALID_REQUEST')
    const access = await app.local.issueToken({ username: ana.username, tokenUse: 'access' })
    await assertFixed(await send(access, '/api/id'), 401, 'ERR_COGNITO_INVALID_TOKEN')
  })

  test('SH-04 in production the handler of Express itself tells no more than the status', async () => {
    const server = createServer()
    const url = await listen(server)
    const local = await startLocalCognito({ users: [ana] })
    const plain = express().set('env', 'production')
    plain.use(bearer({ userPool: new UserPool(local.userPool) }))
    plain.use((error: CognitoError, _req: Request, _res: Response, next: NextFunction) => next(error))
    server.on('request', plain as (req: unknown, res: unknown) => void)
    try {
      local.fail('jwks', refusal('x', 500))
      const authorization = `Bearer ${await local.issueToken({ username: ana.username, tokenUse: 'access' })}`
      const answer = await new Browser({ url }).fetch('/', { authorization })
      assert.equal(answer.status, 503)
      assert.equal(answer.headers.get('retry-after'), '5')
      assert.match(await answer.text(), /<pre>Service Unavailable<\/pre>/)
    } finally {
      server.closeAllConnections()
      server.close()
      await local.close()
    }
  })
})

describe('what an attacker writes into a log', () => {
  let app: TestApp
  before(async () => {
    app = await startApp()
  })
  after(() => app.close())
  beforeEach(() => (app.errors.length = 0))

  const forged = 'x\r\nFORGED \u001b[2J\u2028FORGED\u2029FORGED'

  /** What was logged of it is one line each, without control characters, and no line is the attacker's. */
  function assertOneLine(error: unknown): void {
    const { message, cause } = error as Error
    for (const text of [message, (cause as Error | undefined)?.message ?? ''])
      assert.doesNotMatch(text, /[\p{Cc}\p{Zl}\p{Zp}]/u)
    const text = inspect(error, { depth: null })
    assert.doesNotMatch(text, /[\u001b\r\u2028\u2029]/)
    assert.doesNotMatch(text, /^FORGED/m)
  }

  const segment = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const header = { alg: 'RS256', kid: 'a' }
  const claims = { iss: 'a', sub: 'a', exp: 4_102_444_800, token_use: 'access' }
  const tokens: [string, header: unknown, payload: unknown][] = [
    ['kid', { ...header, kid: forged }, claims],
    ['alg', { ...header, alg: forged }, claims],
    ['typ', { ...header, typ: forged }, claims],
    ['iss', header, { ...claims, iss: forged }],
    ['iss of great length', header, { ...claims, iss: forged.repeat(200) }],
    ['token_use', header, { ...claims, token_use: forged }],
    ['username', header, { ...claims, username: forged }],
    ['payload that is no JSON', header, `{"sub": ${forged}`],
    ['header that is no JSON', forged, claims],
  ]
  for (const [where, head, payload] of tokens) {
    test(`SH-06 control characters in the token's ${where} stay out of the error`, async () => {
      const token = `${segment(head)}.${segment(payload)}.${segment('signature')}`
      // With the issuers of Amazon there are two, and the token's `iss` chooses before any key is looked for.
      const fetch = () => Promise.reject(new TypeError('no network'))
      const amazon = new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'a', fetch })
      for (const userPool of [app.userPool, amazon]) {
        const error = await userPool.verify(token, { tokenUse: 'access' }).then(
          () => assert.fail('accepted'),
          (refusal: unknown) => refusal,
        )
        assertOneLine(error)
      }
    })
  }

  test('SH-06 control characters in what the callback is sent stay out of the error', async () => {
    const text = encodeURIComponent(forged)
    for (const query of [
      (state: string) => `error=${text}&error_description=${text}&state=${state}`,
      (state: string) => `error=access_denied&error_description=${text}&state=${state}`,
      (state: string) => `code=${text}&state=${state}`,
      (state: string) => `code=a&iss=${text}&state=${state}`,
      () => `code=a&state=${text}`,
    ]) {
      const browser = new Browser(app)
      const state = new URL(await browser.callbackOf()).searchParams.get('state') ?? ''
      const answer = await browser.open(`/callback?${query(state)}`)
      assert.ok(answer.status >= 400)
      assert.doesNotMatch(await answer.text(), /FORGED/)
    }
    assert.ok(app.errors.length >= 4)
    for (const error of app.errors) assertOneLine(error)
  })

  test('SH-06 control characters in what an upstream says stay out of the error', async () => {
    const words = { __type: 'NotAuthorizedException', message: forged }
    const heal = app.local.fail('GetId', { status: 400, body: JSON.stringify(words) })
    const browser = new Browser(app)
    await browser.signIn()
    assert.equal((await browser.fetch('/identity')).status, 403)
    heal()
    const callback = await new Browser(app).callbackOf()
    assert.ok(callback.includes('state='))
    const other = new Browser(app)
    const open = await other.callbackOf()
    const refusal = JSON.stringify({ error: forged, error_description: forged })
    app.local.fail('token', { status: 400, body: refusal }, { times: 1 })
    await other.open(open)
    assert.equal(app.errors.length, 2)
    for (const error of app.errors) assertOneLine(error)
  })
})
