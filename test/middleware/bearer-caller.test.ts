import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import {
  bearer,
  type BearerOptions,
  type CognitoAuth,
  getAuth,
  InvalidTokenError,
  session,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben, Browser, listen, startApp } from '../support/app.ts'
import express from '../support/express.ts'
import { type BearerApp, startBearerApp, wire } from './bearer-app.ts'

describe('the caller that bearer() recognises', () => {
  let local: LocalCognito
  let userPool: UserPool
  before(async () => {
    local = await startLocalCognito({ users: [ana, ben] })
    userPool = new UserPool(local.userPool)
  })
  after(() => local.close())

  /** Runs on an app with `bearer()` in front of a handler that answers with the kind of the caller. */
  async function on(options: Partial<BearerOptions>, run: (app: BearerApp) => Promise<void>): Promise<void> {
    const app = await startBearerApp(userPool, {
      bearer: options,
      handler: (req, res) => res.json(req.cognito ? getAuth(req).kind : 'nobody'),
    })
    await run(app).finally(() => app.close())
  }

  const kinds: [what: string, claims: Record<string, unknown>, kind: 'user' | 'client'][] = [
    ['a user name and a subject of its own', {}, 'user'],
    ['the app client as its subject', { sub: 'CLIENT', username: undefined }, 'client'],
    ['the app client as its subject, and a user name all the same', { sub: 'CLIENT' }, 'client'],
    ['no user name', { username: undefined }, 'client'],
  ]
  for (const [what, claims, kind] of kinds) {
    test(`is a ${kind} when the access token has ${what}`, async () => {
      const sub = claims['sub'] === 'CLIENT' ? { sub: userPool.clientId } : {}
      const token = await local.issueToken({
        username: 'ana',
        tokenUse: 'access',
        claims: { ...claims, ...sub },
      })
      await on({ allowMachineTokens: true }, async (app) => {
        const { status, body } = await wire(app.url, [`Authorization: Bearer ${token}`])
        assert.deepEqual([status, JSON.parse(body)], [200, kind])
      })
      await on({}, async (app) => {
        const { status } = await wire(app.url, [`Authorization: Bearer ${token}`])
        assert.deepEqual([status, app.handled], kind === 'user' ? [200, 1] : [401, 0])
      })
    })
  }

  test('is a user when an ID token came, which no machine has', async () => {
    const token = await local.issueToken({ username: 'ana', tokenUse: 'id' })
    await on({ tokenUse: 'id' }, async (app) => {
      assert.equal((await wire(app.url, [`Authorization: Bearer ${token}`])).body, '"user"')
    })
  })

  test('is the same at each use of a token, in front of each of several bearer() its own', async () => {
    const guards = [bearer({ userPool }), bearer({ userPool, tokenUse: null }), bearer({ userPool })]
    const token = await local.issueToken({ username: 'ana', tokenUse: 'access' })
    const seen = guards.map(() => new Set<CognitoAuth>())
    const app = express()
    guards.forEach((guard, at) => {
      app.get(`/${at}`, guard, (req, res) => void res.json(seen[at]?.add(getAuth(req)).size))
    })
    const server = createServer(app as RequestListener)
    const url = await listen(server)
    const ask = (at: number) => wire(url, [`Authorization: Bearer ${token}`], `/${at}`)
    const answers: string[] = []
    for (let uses = 1; uses <= 3; uses += 1)
      for (const at of guards.keys()) answers.push((await ask(at)).body)
    server.close()
    assert.deepEqual([...new Set(answers)], ['1'])
    assert.equal(new Set(seen.flatMap((of) => [...of])).size, guards.length)
  })

  test('is let in by a session only while that is not older than the rights of the caller have become', async () => {
    const iat = Math.floor(Date.now() / 1000) - 600
    const token = await local.issueToken({ username: 'ana', tokenUse: 'id', claims: { iat } })
    const claims = await userPool.verify(token, { tokenUse: 'id' })
    assert.equal(claims.iat, iat)
    for (const [changedAt, answer] of [
      [iat - 60, [200, 1]],
      [iat + 60, [401, 0]],
    ] as const) {
      const app = await startBearerApp(userPool, {
        bearer: { staleBefore: () => new Date(changedAt * 1000) },
        before: (req, _res, next) => {
          req.cognito = { source: 'session', token, claims } as CognitoAuth
          next()
        },
      })
      const { status } = await wire(app.url, []).finally(() => app.close())
      assert.deepEqual([status, app.handled], answer)
    }
  })

  test('is nobody without a token where none is required, and 401 where the route says nothing about it', async () => {
    for (const [required, answer] of [
      [false, [200, 1]],
      [true, [401, 0]],
      [undefined, [401, 0]],
    ] as const)
      await on({ required }, async (app) => {
        const { status, body } = await wire(app.url, [])
        assert.deepEqual([status, app.handled], answer)
        if (required === false) assert.equal(body, '"nobody"')
      })
  })

  describe('when a page asks, is refused by the error handler of the app, which learns why', () => {
    const page = ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
    let claims: Record<string, unknown>
    beforeEach(() => (claims = {}))

    async function reason(options: Partial<BearerOptions>): Promise<unknown> {
      let why: unknown
      await on(options, async (app) => {
        const token = await local.issueToken({ username: 'ana', tokenUse: 'access', claims })
        const { status } = await wire(app.url, [...page, `Authorization: Bearer ${token}`])
        assert.deepEqual([status, app.handled, app.errors.length], [401, 0, 1])
        const [error] = app.errors
        assert.equal(error instanceof InvalidTokenError, true, String(error))
        why = (error as InvalidTokenError).reason
      })
      return why
    }

    test('a machine token', async () => {
      claims = { username: undefined }
      assert.equal(await reason({}), 'claims')
    })

    test('a token from before the caller’s rights changed', async () => {
      claims = { iat: Math.floor(Date.now() / 1000) - 60 }
      assert.equal(await reason({ staleBefore: () => new Date(Date.now() - 30_000) }), 'stale')
    })
  })

  test('when a page brings the token of another user than the cookie, the reason is its claims', async () => {
    const app = await startApp({
      routes: (routes, pools) =>
        routes.get('/both', session(pools), bearer({ userPool: pools.userPool }), (_req, res) =>
          res.json('in'),
        ),
    })
    try {
      const browser = new Browser(app)
      await browser.signIn(ana)
      const token = await app.local.issueToken({ username: 'ben', tokenUse: 'access' })
      assert.equal((await browser.open('/both', { authorization: `Bearer ${token}` })).status, 401)
      assert.equal((app.errors.at(-1) as InvalidTokenError).reason, 'claims')
    } finally {
      await app.close()
    }
  })
})
