import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { inspect } from 'node:util'
import expressSession from 'express-session'
import { CognitoError, UserPool } from '../../src/index.ts'
import { startLocalCognito } from '../../src/local/index.ts'
import { ana, Browser, startApp } from '../support/app.ts'

/** A session store that holds each write back until the test lets it through. */
class GatedStore extends expressSession.MemoryStore {
  gate: Promise<void> = Promise.resolve()
  readonly written: string[] = []
  override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
    this.written.push(JSON.stringify(session))
    void this.gate.then(() => super.set(id, session, done))
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

describe('signing out while a refresh is under way', () => {
  test('LO-07 a request whose save was already on its way does not bring the session back', async () => {
    const store = new GatedStore()
    const app = await startApp({ store })
    try {
      const browser = new Browser(app)
      await browser.signIn(ana)
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
      let open = (): void => undefined
      store.gate = new Promise((resolve) => (open = resolve))
      const before = store.written.length
      const waiting = browser.fetch('/account')
      await until(() => store.written.length > before)
      assert.equal((await browser.post('/logout')).status, 303)
      open()
      assert.equal((await waiting).status, 401)
      const rows = Object.values((store as unknown as { sessions: Record<string, string> }).sessions)
      assert.ok(!rows.some((row) => row.includes('idToken')))
      assert.equal((await browser.open('/account')).status, 303)
    } finally {
      mock.timers.reset()
      await app.close()
    }
  })

  test('LO-07 over HTTP: signed out, both refresh tokens revoked, and nothing saved afterwards', async () => {
    const revoked: (string | null)[] = []
    let proceed = (): void => undefined
    let brought: string | undefined
    const gate = new Promise<void>((resolve) => (proceed = resolve))
    const store = new GatedStore()
    const app = await startApp({
      store,
      client: { refreshTokenRotation: {} },
      userPool: {
        fetch: async (url, init) => {
          const body = init.body as URLSearchParams | undefined
          if (url.endsWith('/oauth2/revoke')) revoked.push(body?.get('token') ?? null)
          const response = await fetch(url, init)
          if (body?.get('grant_type') !== 'refresh_token') return response
          brought = ((await response.clone().json()) as { refresh_token: string }).refresh_token
          await gate
          return response
        },
      },
    })
    try {
      const browser = new Browser(app)
      await browser.signIn(ana)
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
      const waiting = browser.fetch('/account')
      await until(() => brought !== undefined)
      assert.equal((await browser.post('/logout')).status, 303)
      const before = store.written.length
      proceed()
      const answer = await waiting
      assert.equal(answer.status, 401)
      assert.equal(((await answer.json()) as { error: string }).error, 'ERR_COGNITO_SESSION_ENDED')
      assert.equal(revoked.at(-1), brought)
      assert.ok(!store.written.slice(before).some((row) => row.includes('idToken')))
      const rows = Object.values((store as unknown as { sessions: Record<string, string> }).sessions)
      assert.ok(!rows.some((row) => row.includes('idToken')))
      assert.equal((await browser.open('/account')).status, 303)
    } finally {
      mock.timers.reset()
      await app.close()
    }
  })

  test('LO-07 the refresh token that the refresh brought is the one that is revoked', async () => {
    const local = await startLocalCognito({ users: [ana], clients: [{ refreshTokenRotation: {} }] })
    const revoked: string[] = []
    let proceed = (): void => undefined
    const gate = new Promise<void>((resolve) => (proceed = resolve))
    let waiting = false
    const userPool = new UserPool({
      ...local.userPool,
      fetch: async (url, init) => {
        if (url.endsWith('/oauth2/revoke')) revoked.push((init.body as URLSearchParams).toString())
        const response = await fetch(url, init)
        if (url.endsWith('/oauth2/token')) {
          waiting = true
          await gate
        }
        return response
      },
    })
    try {
      const idToken = await local.issueToken({ username: 'ana', tokenUse: 'id', expiresInSeconds: 1 })
      const accessToken = await local.issueToken({ username: 'ana', tokenUse: 'access', expiresInSeconds: 1 })
      const answer = await fetch(local.url, {
        method: 'POST',
        headers: {
          'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
          'content-type': 'application/x-amz-json-1.1',
        },
        body: JSON.stringify({
          ClientId: local.userPool.clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: ana.username, PASSWORD: ana.password },
        }),
      })
      const { AuthenticationResult } = (await answer.json()) as {
        AuthenticationResult: { RefreshToken: string }
      }
      const tokens = { idToken, accessToken, refreshToken: AuthenticationResult.RefreshToken }
      const refresh = userPool.refresh(tokens)
      await until(() => waiting)
      void userPool.signIns.end(tokens)
      proceed()
      await assert.rejects(refresh, { code: 'ERR_COGNITO_SESSION_ENDED' })
      assert.equal(revoked.length, 1)
      assert.ok(!revoked[0]?.includes(encodeURIComponent(tokens.refreshToken)))
    } finally {
      await local.close()
    }
  })
})

describe('what an error may show', () => {
  test('a store that quotes the session in its error does not get the tokens into our errors', async () => {
    class TellingStore extends expressSession.MemoryStore {
      down = false
      override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
        if (!this.down) return super.set(id, session, done)
        done?.(
          Object.assign(new Error(`SET ${JSON.stringify(session)}`), {
            command: { args: [JSON.stringify(session)] },
          }),
        )
      }
    }
    const store = new TellingStore()
    const app = await startApp({ store })
    try {
      const browser = new Browser(app)
      await browser.signIn(ana)
      mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
      store.down = true
      assert.equal((await browser.fetch('/account')).status, 503)
      const error = app.errors.at(-1)
      assert.ok(error instanceof CognitoError)
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /eyJ/)
    } finally {
      mock.timers.reset()
      await app.close()
    }
  })

  test('req.cognito shows no token when it is logged, spread or turned into JSON', async () => {
    let shown = ''
    const app = await startApp({
      routes: (express) =>
        express.get('/show', (req, res) => {
          shown = inspect(req.cognito) + JSON.stringify(req.cognito) + JSON.stringify({ ...req.cognito })
          res.json('shown')
        }),
    })
    try {
      const browser = new Browser(app)
      await browser.signIn(ana)
      await browser.fetch('/show')
      assert.match(shown, /cognito:username/)
      assert.doesNotMatch(shown, /eyJ/)
    } finally {
      await app.close()
    }
  })
})

describe('a session store that does not answer', () => {
  test('is a 503 after its time limit and not a request that hangs', async () => {
    class HangingStore extends expressSession.MemoryStore {
      down = false
      override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
        if (!this.down) super.set(id, session, done)
      }
    }
    const store = new HangingStore()
    const app = await startApp({ store })
    try {
      store.down = true
      assert.equal((await new Browser(app).open('/login')).status, 503)
    } finally {
      await app.close()
    }
  })
})
