import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import expressSession from 'express-session'
import passport from 'passport'
import { WebSocket, WebSocketServer } from 'ws'
import { authenticateUpgrade, bearer, type CognitoError, session, UserPool } from '../../src/index.ts'
import { Browser, listen, startApp, type TestApp } from '../support/app.ts'

const secret = 'a test secret of more than thirty-two bytes'

/** What came of a connection: who was greeted, or the status of the refusal. */
function connect(url: string, headers: Record<string, string>): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers })
    socket.on('message', (data: Buffer) => {
      resolve(data.toString())
      socket.terminate()
    })
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', reject)
  })
}

describe('authenticateUpgrade() with ws', () => {
  let app: TestApp
  let server: Server
  let url: string
  before(async () => {
    app = await startApp()
    const userPool = new UserPool(app.local.userPool)
    const authenticator = new passport.Passport()
    authenticator.serializeUser((user, done) => done(null, user))
    authenticator.deserializeUser((user: Express.User, done) => done(null, user))
    const recognise = [
      expressSession({ secret, store: app.store, resave: false, saveUninitialized: false }),
      authenticator.session(),
      session({ userPool }),
      bearer({ userPool, required: false }),
    ]
    const sockets = new WebSocketServer({ noServer: true })
    server = createServer((_req, res) => res.end())
    server.on('upgrade', (request, socket, head) => {
      authenticateUpgrade(request, recognise, { origin: app.url }).then(
        (auth) => {
          sockets.handleUpgrade(request, socket, head, (client) => client.send(`${auth.source} ${auth.kind}`))
        },
        (error: unknown) => socket.end(`HTTP/1.1 ${(error as CognitoError).status} Refused\r\n\r\n`),
      )
    })
    url = await listen(server)
  })
  after(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await app.close()
  })

  const cookieOf = async () => {
    const browser = new Browser(app)
    await browser.signIn()
    return browser.jar.header(new URL(app.url))
  }

  test("a signed-in browser is recognised by its session, from a page of the app's own origin", async () => {
    assert.equal(await connect(url, { cookie: await cookieOf(), origin: app.url }), 'session user')
  })

  test('a page of another origin gets no connection with the session of the user', async () => {
    const cookie = await cookieOf()
    assert.equal(await connect(url, { cookie, origin: 'https://evil.example' }), 403)
    assert.equal(await connect(url, { cookie, 'sec-fetch-site': 'cross-site' }), 403)
  })

  test('an API caller is recognised by the bearer token', async () => {
    const token = await app.local.issueToken({ username: 'ana', tokenUse: 'access' })
    assert.equal(await connect(url, { authorization: `Bearer ${token}` }), 'bearer user')
  })

  test('without either the refusal is 401, with a bad token too, and with a malformed header 400', async () => {
    assert.equal(await connect(url, {}), 401)
    assert.equal(await connect(url, { authorization: 'Bearer e30.e30.e30' }), 401)
    assert.equal(await connect(url, { authorization: 'Bearer a b' }), 400)
  })

  const asSession = (_req: never, _res: never, next: () => void) => {
    Object.assign(_req, { cognito: { source: 'session' } })
    next()
  }
  const from = (headers: Record<string, string>) =>
    ({ headers: { host: 'app.example.com', ...headers }, rawHeaders: [], method: 'GET' }) as never
  const ask = (headers: Record<string, string>, options?: Parameters<typeof authenticateUpgrade>[2]) =>
    authenticateUpgrade(from(headers), [asSession], options).then(
      ({ source }) => source,
      ({ status }: CognitoError) => status,
    )

  test('with "origin" only pages of those very origins count: scheme, host and port', async () => {
    const origin = ['https://app.example.com', 'https://admin.example.com:8443']
    for (const own of origin) assert.equal(await ask({ origin: own }, { origin }), 'session', own)
    for (const other of [
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.example',
      'null',
    ])
      assert.equal(await ask({ origin: other }, { origin }), 403, other)
    assert.equal(await ask({ origin: 'http://app.example.com' }, { origin: origin[0] }), 403)
    // The browser says who asks; who sends no Origin is judged by Fetch Metadata.
    assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }, { origin }), 403)
    assert.equal(await ask({}, { origin }), 'session')
  })

  test('without "origin" the host of the request counts, behind a proxy that ends TLS too', async () => {
    assert.equal(await ask({ origin: 'https://app.example.com' }), 'session')
    assert.equal(await ask({ origin: 'https://app.example.com:8443' }), 403)
  })

  test('arguments that are missing, misspelt or wrong are the developer’s mistake, and named', async () => {
    const wrong = (list: unknown, options: unknown, message: RegExp) =>
      assert.rejects(authenticateUpgrade(from({}), list as never, options as never), {
        name: 'ConfigurationError',
        message,
      })
    for (const list of [undefined, asSession, [asSession, 'session']])
      await wrong(list, undefined, /^authenticateUpgrade takes the request and a list of middlewares/)
    await wrong([asSession], { orgin: 'https://app.example.com' }, /has no option "orgin"/)
    for (const origin of [
      'app.example.com',
      'https://app.example.com/',
      'https://APP.example.com',
      [],
      [7],
      null,
    ])
      await wrong([asSession], { origin }, /"origin" must be an origin/)
  })

  test('a middleware that gives an error ends it with that error', async () => {
    const request = { headers: {}, rawHeaders: [], method: 'GET' } as never
    const failing = (_req: never, _res: never, next: (error?: unknown) => void) => next(new Error('no store'))
    await assert.rejects(authenticateUpgrade(request, [failing]), { message: 'no store' })
    const throwing = () => {
      throw new Error('broken')
    }
    await assert.rejects(authenticateUpgrade(request, [throwing]), { message: 'broken' })
  })
})
