import assert from 'node:assert/strict'
import { channel } from 'node:diagnostics_channel'
import { after, afterEach, before, beforeEach, describe, mock, test } from 'node:test'
import { inspect } from 'node:util'
import { type CognitoEvents, onEvent } from '../src/index.ts'
import { ana, ben, Browser, startApp, type TestApp } from './support/app.ts'

type Heard = { [Name in keyof CognitoEvents]: [Name, CognitoEvents[Name]] }[keyof CognitoEvents]
const names = ['credentials', 'denied', 'logout', 'refresh', 'sign-in', 'store'] as const

/** Collects everything that is said. */
function hearAll(): { heard: Heard[]; end: () => void } {
  const heard: Heard[] = []
  const ends = names.map((name) => onEvent(name, (event) => heard.push([name, event] as Heard)))
  return { heard, end: () => ends.forEach((end) => end()) }
}

/** Runs with this process' clock moved, so that tokens look expired here and are fresh when Cognito issues them anew. */
async function later(seconds: number, run: () => Promise<void>): Promise<void> {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
  try {
    await run()
  } finally {
    mock.timers.reset()
  }
}

let app: TestApp
before(async () => (app = await startApp()))
after(() => app.close())

describe('what is said', () => {
  let ears: ReturnType<typeof hearAll>
  beforeEach(() => void (ears = hearAll()))
  afterEach(() => ears.end())
  const said = (name: string) => ears.heard.filter(([of]) => of === name).map(([, event]) => ({ ...event }))
  const pool = () => ({ userPoolId: app.userPool.userPoolId, clientId: app.userPool.clientId })

  test('of sign-ins through the managed login: that they succeeded, or why not', async () => {
    await new Browser(app).signIn()
    await new Browser(app).open('/callback?code=x&state=y')
    ears.end()
    assert.deepEqual(said('sign-in'), [
      { type: 'succeeded', by: 'strategy', ...pool() },
      {
        type: 'failed',
        by: 'strategy',
        ...pool(),
        error: 'ERR_COGNITO_CALLBACK',
        reason: 'transaction_missing',
      },
    ])
  })

  test('of a user whom the verify callback does not let in', async () => {
    const own = await startApp({ strategy: { verify: () => false } })
    try {
      await new Browser(own).signIn()
      ears.end()
      const [event] = said('sign-in')
      assert.deepEqual(
        { ...event, userPoolId: 0, clientId: 0 },
        { type: 'failed', by: 'strategy', reason: 'refused_by_app', userPoolId: 0, clientId: 0 },
      )
    } finally {
      await own.close()
    }
  })

  test('of direct sign-ins: that they succeeded, or why not', async () => {
    const { username, password } = ana
    await app.userPool.signIn({ username, password })
    await assert.rejects(app.userPool.signIn({ username, password: 'wrong' }))
    await assert.rejects(
      app.userPool.respond({ name: 'SMS_MFA', sealed: 'x' } as never, { code: '1' } as never),
    )
    ears.end()
    const failed = { type: 'failed', by: 'direct', ...pool(), error: 'ERR_COGNITO_SIGN_IN' }
    assert.deepEqual(said('sign-in'), [
      { type: 'succeeded', by: 'direct', ...pool() },
      { ...failed, reason: 'NotAuthorizedException' },
      { ...failed, reason: 'challenge_invalid' },
    ])
  })

  test('of refreshes: refreshed, failed, ended', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    await later(3_700, async () => void (await browser.fetch('/account')))
    const heal = app.local.fail('token', { status: 500 })
    await later(7_400, async () => void (await browser.fetch('/account')))
    heal()
    const refused = app.local.fail('token', { status: 400, body: '{"error":"invalid_grant"}' })
    await later(7_410, async () => void (await browser.fetch('/account')))
    refused()
    ears.end()
    assert.deepEqual(said('refresh'), [
      { type: 'refreshed', ...pool() },
      { type: 'failed', ...pool(), error: 'ERR_COGNITO_UNAVAILABLE' },
      { type: 'ended', ...pool(), error: 'ERR_COGNITO_SESSION_ENDED' },
    ])
  })

  test('of requests that are not let through: by whom, with which status and why', async () => {
    const browser = new Browser(app)
    await browser.signIn(ben)
    await browser.fetch('/admin')
    await browser.fetch('/api/me', { authorization: 'Bearer a.b.c' })
    await browser.post('/logout', { 'sec-fetch-site': 'cross-site' })
    const stranger = new Browser(app)
    await stranger.open('/account')
    await stranger.fetch('/api/me')
    ears.end()
    assert.deepEqual(said('denied'), [
      { by: 'requireGroups', status: 403, error: 'ERR_COGNITO_FORBIDDEN' },
      { by: 'bearer', status: 401, error: 'ERR_COGNITO_INVALID_TOKEN', reason: 'malformed' },
      { by: 'logout', status: 403, error: 'ERR_COGNITO_FORBIDDEN' },
      { by: 'requireAuth', status: 401, error: 'ERR_COGNITO_UNAUTHENTICATED' },
      { by: 'bearer', status: 401, error: 'ERR_COGNITO_UNAUTHENTICATED' },
    ])
  })

  test('SH-07 of anybody and of any token: nothing; all values are of lists with an end', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const claims = (await (await browser.fetch('/account')).json()) as { sub: string; email: string }
    await browser.fetch('/identity')
    await later(3_700, async () => void (await browser.fetch('/account')))
    await new Browser(app).fetch('/api/me', { authorization: 'Bearer eyJ.eyJ.x' })
    await assert.rejects(app.userPool.signIn({ username: ana.username, password: 'wrong' }))
    const heal = app.local.fail('revoke', { status: 500 })
    await browser.post('/logout')
    heal()
    ears.end()
    const without = names.filter((name) => name !== 'store')
    assert.deepEqual([...new Set(ears.heard.map(([name]) => name))].sort(), without)
    const shown = inspect(ears.heard, { depth: 9 })
    for (const secret of [claims.sub, claims.email, 'ana', 'eyJ', app.url]) assert.ok(!shown.includes(secret))
    const labels = ['type', 'by', 'status', 'error', 'reason', 'userPoolId', 'clientId', 'identityPoolId']
    for (const [, event] of ears.heard) {
      assert.deepEqual(
        Object.keys(event).filter((label) => !labels.includes(label)),
        [],
      )
      for (const value of Object.values(event) as unknown[])
        assert.ok(value instanceof Error || /^[\w:.-]{1,64}$/.test(String(value)), inspect(value))
    }
  })
})

describe('a listener', () => {
  /** The warnings of the process while something runs. */
  async function warningsOf(run: () => Promise<void>): Promise<string[]> {
    const warnings: string[] = []
    const note = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`)
    process.on('warning', note)
    try {
      await run()
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      process.off('warning', note)
    }
    return warnings
  }

  const broken: [string, () => unknown][] = [
    ['throws', () => assert.fail('canary')],
    ['throws nothing that could be named', () => { throw undefined }], // prettier-ignore
    ['rejects', () => Promise.reject(new Error('canary'))],
    ['gives something that only looks like a promise', () => ({ then: () => assert.fail('canary') })],
  ]
  for (const [what, listener] of broken) {
    test(`FL-07 that ${what} changes no answer, and is one warning without its words`, async () => {
      const others: unknown[] = []
      const end = names.map((name) => onEvent(name, listener as () => never))
      const heard = onEvent('denied', (event) => others.push(event))
      const warnings = await warningsOf(async () => {
        const browser = new Browser(app)
        assert.equal((await browser.signIn()).status, 303)
        assert.equal((await browser.fetch('/account')).status, 200)
        assert.equal((await browser.fetch('/identity')).status, 200)
        for (let round = 0; round < 3; round += 1) {
          const refused = await browser.fetch('/api/me', { authorization: 'Bearer a.b.c' })
          assert.equal(refused.status, 401)
          assert.equal(((await refused.json()) as { error: string }).error, 'ERR_COGNITO_INVALID_TOKEN')
        }
        await later(3_700, async () => assert.equal((await browser.fetch('/account')).status, 200))
        assert.equal((await browser.post('/logout')).status, 303)
      })
      for (const stop of [...end, heard]) stop()
      assert.equal(others.length, 3, 'the listeners beside it hear everything')
      const said = (name: string) =>
        `CognitoEventWarning: A listener to "${name}" fails; nothing else is affected.`
      assert.deepEqual(warnings.sort(), ['credentials', 'denied', 'refresh', 'sign-in'].map(said))
    })
  }

  test('hears nothing any more after its end, and then costs nothing', () => {
    const heard: unknown[] = []
    const end = onEvent('denied', (event) => heard.push(event))
    const denied = channel('passport-cognito-identity:denied')
    assert.equal(denied.hasSubscribers, true)
    denied.publish({ by: 'bearer' })
    end()
    end()
    denied.publish({ by: 'bearer' })
    assert.equal(heard.length, 1)
    assert.equal(denied.hasSubscribers, false)
  })

  test('to what does not exist, or that is no function, is a mistake that is named', () => {
    const mistake = { name: 'ConfigurationError', message: /^onEvent takes one of credentials, denied/ }
    for (const name of ['refreshes', '__proto__', 'toString', undefined])
      assert.throws(() => onEvent(name as 'refresh', () => undefined), mistake)
    for (const listener of [undefined, null, {}])
      assert.throws(() => onEvent('refresh', listener as never), mistake)
  })
})
