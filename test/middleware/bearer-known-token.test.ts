import assert from 'node:assert/strict'
import { after, afterEach, before, describe, mock, test } from 'node:test'
import {
  type CognitoAuth,
  memoryStore,
  type Tokens,
  UserPool,
  type UserPoolOptions,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben } from '../support/app.ts'
import { deaf, sealingKey } from '../support/processes.ts'
import { signIn } from '../user-pool/sign-in.ts'
import { type BearerApp, type BearerAppOptions, startBearerApp, wire } from './bearer-app.ts'

describe('a token that bearer() has let in before', () => {
  let local: LocalCognito
  let app: BearerApp | undefined
  before(async () => {
    local = await startLocalCognito({ users: [ana, ben] })
  })
  after(() => local.close())
  afterEach(async () => {
    mock.restoreAll()
    mock.timers.reset()
    await app?.close()
  })

  /** An app that knows a token of Ana's, and how it answers to it from now on. */
  async function knowing(
    options: BearerAppOptions = {},
    pool: Partial<UserPoolOptions> = {},
  ): Promise<{
    status: (headers?: Record<string, string>) => Promise<number>
    tokens: Tokens
    app: BearerApp
  }> {
    const userPool = new UserPool({ ...local.userPool, ...pool })
    const { tokens } = await signIn(userPool, ana)
    const running = await startBearerApp(userPool, options)
    app = running
    const status = async (headers = {}) =>
      (await fetch(running.url, { headers: { authorization: `Bearer ${tokens.accessToken}`, ...headers } }))
        .status
    for (let uses = 1; uses <= 2; uses += 1) {
      assert.equal(await status(), 200)
      assert.equal(running.nexts, uses)
      assert.equal(running.handled, uses)
    }
    return { status, tokens, app: running }
  }

  test('is refused when it has expired', async () => {
    const { status } = await knowing()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    assert.equal(await status(), 401)
  })

  test('is refused when it is older than the rights of the caller have become', async () => {
    let changedAt = new Date(0)
    const { status } = await knowing({ bearer: { staleBefore: () => changedAt } })
    changedAt = new Date(Date.now() + 5_000)
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 })
    assert.equal(await status(), 401)
  })

  test('is refused when the app has revoked it', async () => {
    let revoked = false
    const { status } = await knowing({}, { isRevoked: () => revoked })
    revoked = true
    assert.equal(await status(), 401)
  })

  test('is refused beside the session of somebody else', async () => {
    const { status } = await knowing({
      before: (req, _res, next) => {
        if (req.headers['x-session'])
          req.cognito = { source: 'session', claims: { sub: 'somebody else' } } as CognitoAuth
        next()
      },
    })
    assert.equal(await status({ 'x-session': 'yes' }), 401)
    assert.equal(await status(), 200)
  })

  test('is refused with a second Authorization header', async () => {
    const { tokens, app } = await knowing()
    const header = `Authorization: Bearer ${tokens.accessToken}`
    assert.equal((await wire(app.url, [header, header])).status, 400)
  })

  test('is refused when another process has ended its sign-in, at the latest a minute later', async () => {
    const store = memoryStore()
    const { status, tokens } = await knowing({}, { store: deaf(store), sealingKey })
    const other = new UserPool({ ...local.userPool, store, sealingKey })
    await other.signIns.end(tokens)
    assert.equal(await status(), 200, 'nobody has looked yet')
    const now = performance.now()
    mock.method(performance, 'now', () => now + 60_001)
    assert.equal(await status(), 401)
  })
})
