import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, before, beforeEach, describe, mock, test } from 'node:test'
import { CognitoIdentityClient, type GetIdCommand } from '@aws-sdk/client-cognito-identity'
import type { Request } from 'express'
import {
  bearer,
  type CognitoAuth,
  CognitoError,
  type CognitoIdentityCredentials,
  type CredentialsError,
  getAuth,
  SessionEndedError,
} from '../../src/index.ts'
import { ana, ben, Browser, startApp, type TestApp } from '../support/app.ts'

/** The credentials handle of the last request to `/keep`, as a stream that outlives its request would hold it. */
const handles = new Map<string, CognitoAuth['credentials']>()

describe('req.cognito.credentials', () => {
  let app: TestApp
  before(async () => {
    app = await startApp({
      routes: (express, { userPool, identityPool }) => {
        express.get('/keep', (req: Request, res) => {
          const auth = getAuth(req)
          handles.set(String(auth.claims.sub), auth.credentials)
          res.json(auth.claims.sub)
        })
        const answer = (req: Request, res: { json(body: unknown): unknown }) => {
          getAuth(req)
            .credentials()
            .then(
              ({ identityId }) => res.json({ identityId }),
              (error: unknown) =>
                res.json({ reason: (error as CredentialsError).reason, message: (error as Error).message }),
            )
        }
        express.get('/api/access', bearer({ userPool, identityPool }), answer)
        express.get('/api/id', bearer({ userPool, identityPool, tokenUse: 'id' }), answer)
        express.get('/api/no-pool', bearer({ userPool, tokenUse: 'id' }), answer)
      },
    })
  })
  after(() => app.close())
  beforeEach(() => app.local.requests.clear())

  const calls = () => [
    app.local.requests.count('GetId'),
    app.local.requests.count('GetCredentialsForIdentity'),
  ]
  const identityOf = async (answer: Response) => ((await answer.json()) as { identityId: string }).identityId
  async function keep(browser: Browser): Promise<() => Promise<CognitoIdentityCredentials>> {
    const sub = (await (await browser.fetch('/keep')).json()) as string
    const handle = handles.get(sub)
    assert.ok(handle)
    return handle
  }

  test('IC-01 1,000 signed-in requests that never ask for credentials cause no call', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    for (let batch = 0; batch < 10; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => browser.fetch('/account')))
      assert.ok(answers.every(({ status }) => status === 200))
    }
    assert.deepEqual(calls(), [0, 0])
  })

  test('IC-02 500 concurrent requests of one user, and one more, cause one GetId and one GetCredentialsForIdentity', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    app.local.requests.clear()
    const answers = await Promise.all(Array.from({ length: 500 }, () => browser.fetch('/identity')))
    const identities = new Set(await Promise.all(answers.map(identityOf)))
    await browser.fetch('/identity')
    assert.equal(identities.size, 1)
    assert.deepEqual(calls(), [1, 1])
  })

  test('two users never share an entry, however their requests interleave', async () => {
    const browsers = [new Browser(app), new Browser(app)] as const
    await Promise.all([browsers[0].signIn(ana), browsers[1].signIn(ben)])
    const seen = [new Set<string>(), new Set<string>()] as const
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const who = index % 2 === 0 ? 0 : 1
        seen[who].add(await identityOf(await browsers[who].fetch('/identity')))
      }),
    )
    assert.equal(seen[0].size, 1)
    assert.equal(seen[1].size, 1)
    assert.notDeepEqual(seen[0], seen[1])
  })

  test('a handle that outlives the ID token renews with a fresh one, and without a second GetId', async () => {
    const browser = new Browser(app)
    await browser.signIn(ben)
    const handle = await keep(browser)
    await handle()
    app.local.requests.clear()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    try {
      // The server's clock follows, or it would still accept the old token.
      app.local.clock.advance(0)
      const { expiration } = await handle()
      assert.ok(expiration.getTime() > Date.now() + 3_000_000)
    } finally {
      mock.timers.reset()
    }
    assert.deepEqual(calls(), [0, 1])
    assert.equal(app.local.requests.count('token'), 1)
  })

  test('after sign-out a handle rejects, and the cached credentials are gone', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const handle = await keep(browser)
    await handle()
    await browser.post('/logout')
    app.local.requests.clear()
    await assert.rejects(handle(), SessionEndedError)
    assert.deepEqual(calls(), [0, 0])
    await browser.signIn()
    await browser.fetch('/identity')
    assert.deepEqual(calls(), [0, 1], 'the identity is known, the credentials are not')
  })

  test('credentials that were on their way at sign-out are not handed out', async (t) => {
    const browser = new Browser(app)
    await browser.signIn(ben)
    await browser.post('/logout')
    await browser.signIn(ben)
    const handle = await keep(browser)
    let answered: () => void = () => undefined
    const signedOut = new Promise<void>((resolve) => (answered = resolve))
    const credentials = app.identityPool.credentials.bind(app.identityPool)
    let asked = 0
    t.mock.method(app.identityPool, 'credentials', async (...of: Parameters<typeof credentials>) => {
      asked += 1
      const given = await credentials(...of)
      await signedOut
      return given
    })
    const refused = assert.rejects(handle(), SessionEndedError)
    await browser.post('/logout')
    answered()
    await refused
    assert.equal(asked, 1)
  })

  test('what is handed out is frozen and shows no secret when it is logged', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const credentials = await (await keep(browser))()
    assert.ok(Object.isFrozen(credentials))
    const { inspect } = await import('node:util')
    assert.doesNotMatch(
      inspect(credentials),
      new RegExp(credentials.secretAccessKey.replaceAll(/[^\w]/g, '.')),
    )
  })

  const bearerHeader = async (tokenUse: 'id' | 'access') => ({
    authorization: `Bearer ${await app.local.issueToken({ username: 'ana', tokenUse })}`,
  })

  test('an API caller with an ID token gets their own credentials', async () => {
    const browser = new Browser(app)
    await browser.signIn()
    const own = await identityOf(await browser.fetch('/identity'))
    assert.equal(await identityOf(await new Browser(app).fetch('/api/id', await bearerHeader('id'))), own)
  })

  test('IC-07 an access token alone gets an error that says what to do, and nothing is called', async () => {
    const answer = await new Browser(app).fetch('/api/access', await bearerHeader('access'))
    const { reason, message } = (await answer.json()) as { reason: string; message: string }
    assert.equal(reason, 'access_token_only')
    assert.match(message, /tokenUse: 'id'/)
    assert.deepEqual(calls(), [0, 0])
  })

  test('without an identity pool the error names the missing option', async () => {
    const answer = await new Browser(app).fetch('/api/no-pool', await bearerHeader('id'))
    assert.match(((await answer.json()) as { message: string }).message, /identityPool/)
  })

  test('a fault of the identity pool is a 503 for a second; a refusal is a 403', async () => {
    const browser = new Browser(app)
    await browser.signIn(ben)
    app.local.fail('GetCredentialsForIdentity', { status: 500 }, { times: 3 })
    assert.equal((await browser.fetch('/identity')).status, 503)
    app.local.requests.clear()
    assert.equal((await browser.fetch('/identity')).status, 503)
    assert.deepEqual(calls(), [0, 0])
    await sleep(1_050)
    assert.equal((await browser.fetch('/identity')).status, 200)

    await browser.post('/logout')
    await browser.signIn(ben)
    const refusal = JSON.stringify({ __type: 'NotAuthorizedException', message: 'User is disabled.' })
    app.local.fail('GetCredentialsForIdentity', { status: 400, body: refusal }, { times: 1 })
    app.local.requests.clear()
    assert.equal((await browser.fetch('/identity')).status, 403)
    assert.equal(app.local.requests.count('GetCredentialsForIdentity'), 1)
    assert.ok(app.errors.at(-1) instanceof CognitoError)
  })
})

test('who has credentials fetched while their ID token expires gets them with the next one', async (t) => {
  const real = new Map<'client', CognitoIdentityClient>()
  let expiring = false
  const client = {
    send: (command: GetIdCommand, options: object) => {
      if (expiring) t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
      expiring = false
      return real.get('client')?.send(command, options)
    },
  } as unknown as CognitoIdentityClient
  const app = await startApp({ identityPool: { client, endpoint: undefined } })
  t.after(() => app.close())
  real.set('client', new CognitoIdentityClient({ endpoint: app.local.url, region: 'us-east-1' }))
  const browser = new Browser(app)
  await browser.signIn()
  app.local.requests.clear()
  expiring = true
  assert.equal((await browser.fetch('/identity')).status, 200)
  assert.equal(app.local.requests.count('token'), 1)
  assert.equal(app.local.requests.count('GetId'), 2)
})
