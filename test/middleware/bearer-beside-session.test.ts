import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { bearer, type BearerOptions, getAuth, UserPool } from '../../src/index.ts'
import { startLocalCognito } from '../../src/local/index.ts'
import { ana, ben, Browser, startApp, type TestApp } from '../support/app.ts'
import { rawRequest } from '../support/raw-request.ts'

/** An API that takes tokens, and the cookie of the app's own pages too. */
describe('bearer() on a route of a signed-in browser', () => {
  let app: TestApp
  let browser: Browser
  let handled = 0
  before(async () => {
    app = await startApp({
      routes: (routes, { userPool }) => {
        routes.all('/api/orders', bearer({ userPool }), (req, res) => {
          handled += 1
          const { source, claims, token } = getAuth(req)
          res.json({ source, sub: claims.sub, token })
        })
      },
    })
    browser = new Browser(app)
    await browser.signIn(ana)
  })
  after(() => app.close())
  beforeEach(() => (handled = 0))

  const tokenOf = async (username: string, claims = {}) =>
    `Bearer ${await app.local.issueToken({ username, tokenUse: 'access', claims })}`

  /** The status of a request with the browser's cookie and exactly these headers, and how often the route ran. */
  async function ask(method: string, headers: Record<string, string>): Promise<[number, number]> {
    const url = new URL('/api/orders', app.url)
    const cookie = browser.jar.header(url)
    const { status } = await rawRequest(url, { method, headers: { cookie, ...headers } })
    return [status, handled]
  }

  const own: [string, (url: string) => Record<string, string>][] = [
    ['a page of the app', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['the person, by hand', () => ({ 'sec-fetch-site': 'none' })],
    ['a page of the app in a browser without Fetch Metadata', (url) => ({ origin: url })],
    ['a client that is no browser', () => ({})],
  ]
  const others: [string, Record<string, string>][] = [
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['another page in a browser without Fetch Metadata', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
  ]
  for (const [who, headers] of own) {
    test(`lets ${who} act with the cookie alone, in every method`, async () => {
      for (const [index, method] of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].entries())
        assert.deepEqual(await ask(method, headers(app.url)), [200, index + 1], method)
    })
  }
  for (const [who, headers] of others) {
    test(`lets ${who} read and change nothing with the cookie alone: changes are 403`, async () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
        assert.deepEqual(await ask(method, headers), [403, 0], method)
      for (const [index, method] of ['GET', 'HEAD', 'OPTIONS'].entries())
        assert.deepEqual(await ask(method, headers), [200, index + 1], method)
    })
  }

  test('lets whoever brings a good token of the same user act from anywhere: no page gets at a token by itself', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', authorization: await tokenOf('ana') }
    assert.deepEqual(await ask('POST', headers), [200, 1])
  })

  test('refuses a bad token and the token of another user, though the cookie alone would do', async () => {
    for (const authorization of [await tokenOf('ben'), 'Bearer a.b.c', 'Bearer'])
      assert.deepEqual(
        await ask('GET', { authorization }),
        [authorization === 'Bearer' ? 400 : 401, 0],
        authorization.slice(0, 12),
      )
  })

  test('leaves who the session recognised as they are, and takes who it did not from the token', async () => {
    const authorization = await tokenOf('ana')
    const [signedIn, stranger] = [browser, new Browser(app)]
    const answers = await Promise.all(
      [signedIn, stranger].map(async (one) => (await one.fetch('/api/orders', { authorization })).json()),
    )
    const [first, second] = answers as { source: string; sub: string; token: string }[]
    assert.deepEqual([first?.source, second?.source], ['session', 'bearer'])
    assert.equal(first?.sub, second?.sub)
    assert.notEqual(first?.token, second?.token)
    assert.equal(`Bearer ${second?.token}`, authorization)
  })

  test('refuses anonymous browsers, whatever page asked', async () => {
    const url = new URL('/api/orders', app.url)
    for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }])
      assert.equal((await rawRequest(url, { method: 'POST', headers })).status, 401)
    assert.equal(handled, 0)
  })

  test('and two people with their own cookies each act as themselves', async () => {
    const other = new Browser(app)
    await other.signIn(ben)
    const subs = await Promise.all(
      [browser, other].map(
        async (one) => ((await (await one.fetch('/api/orders')).json()) as { sub: string }).sub,
      ),
    )
    assert.notEqual(subs[0], subs[1])
  })
})

describe('bearer() with a session that another pool or app client made', () => {
  test('takes a session only with its own pool and clientId, and else asks for a token', async () => {
    const elsewhere = await startLocalCognito({ users: [ana], userPoolId: 'eu-west-1_Elsewhere' })
    const other = new UserPool(elsewhere.userPool)
    const app = await startApp({
      routes: (routes, { userPool }) => {
        const sibling = new UserPool({ ...app0(userPool), clientId: 'sibling' })
        const takers: Record<string, BearerOptions> = {
          own: { userPool },
          named: { userPool, clientId: ['sibling', userPool.clientId] },
          any: { userPool: sibling, clientId: null },
          several: { userPool: [other, sibling, userPool] },
          'other-pool': { userPool: other },
          'other-pool-any-client': { userPool: other, clientId: null },
          'other-client': { userPool, clientId: 'sibling' },
          'sibling-pool': { userPool: sibling },
        }
        for (const [name, options] of Object.entries(takers))
          routes.get(`/${name}`, bearer(options), (_req, res) => res.json('in'))
      },
    })
    try {
      const browser = new Browser(app)
      await browser.signIn(ana)
      for (const path of ['own', 'named', 'any', 'several'])
        assert.equal((await browser.fetch(`/${path}`)).status, 200, path)
      for (const path of ['other-pool', 'other-pool-any-client', 'other-client', 'sibling-pool'])
        assert.equal((await browser.fetch(`/${path}`)).status, 401, path)
    } finally {
      await app.close()
      await elsewhere.close()
    }
  })

  const app0 = ({ userPoolId, issuer }: UserPool) => ({ userPoolId, issuer })
})
