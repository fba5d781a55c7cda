import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ErrorRequestHandler, Express as ExpressApp } from 'express'
import request from 'supertest'
import {
  bearer,
  type CognitoError,
  getAuth,
  requireAuth,
  requireGroups,
  requireScopes,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben, Browser, startApp } from '../support/app.ts'
import express from '../support/express.ts'

describe('guards', () => {
  let local: LocalCognito
  let app: ExpressApp
  before(async () => {
    local = await startLocalCognito({ users: [ana, ben], groups: [{ name: 'admin' }] })
    const userPool = new UserPool(local.userPool)
    app = express()
    app.get('/unrecognised', (req, res) => res.json(getAuth(req).claims))
    app.use(bearer({ userPool, required: false }))
    app.get('/private', requireAuth(), (_req, res) => res.json('private'))
    app.get('/page', requireAuth({ loginURL: '/login?lang=de' }), (_req, res) => res.json('page'))
    app.post('/page', requireAuth({ loginURL: '/login' }), (_req, res) => res.json('page'))
    app.get('/admin', requireGroups('admin', 'root'), (_req, res) => res.json('admin'))
    app.get('/orders', requireScopes('orders/read', 'orders/list'), (_req, res) => res.json('orders'))
    app.use(((error, _req, res, _next) => {
      const { status, code } = error as CognitoError
      res.status(status).type('html').send(`<h1>${code}</h1>`)
    }) satisfies ErrorRequestHandler)
  })
  after(() => local.close())

  const as = async (username: string, claims: Record<string, unknown> = {}) =>
    `Bearer ${await local.issueToken({ username, tokenUse: 'access', claims })}`

  test('a route without a recognised caller is 401 JSON for scripts, with a bare challenge', async () => {
    const answer = await request(app).get('/private').set('accept', 'application/json')
    assert.equal(answer.status, 401)
    assert.deepEqual(answer.body, { error: 'ERR_COGNITO_UNAUTHENTICATED', message: 'Sign in to continue.' })
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="cognito"')
    assert.equal(answer.headers['cache-control'], 'no-store')
  })

  test('a page goes to sign-in with the place to come back to', async () => {
    const answer = await request(app).get('/page?a=1&b=%2F').set('accept', 'text/html')
    assert.equal(answer.status, 303)
    assert.equal(answer.headers['location'], '/login?lang=de&returnTo=%2Fpage%3Fa%3D1%26b%3D%252F')
  })

  test('a posted form goes to sign-in without a place to come back to', async () => {
    const answer = await request(app).post('/page').set('accept', 'text/html')
    assert.equal(answer.status, 303)
    assert.equal(answer.headers['location'], '/login')
  })

  test('a page without loginURL is the error page of the app', async () => {
    const answer = await request(app).get('/private').set('accept', 'text/html')
    assert.equal(answer.status, 401)
    assert.match(answer.text, /<h1>ERR_COGNITO_UNAUTHENTICATED/)
  })

  test('requireGroups lets in who is in one of the groups and answers 403 to the others', async () => {
    assert.equal(
      (
        await request(app)
          .get('/admin')
          .set('authorization', await as('ana'))
      ).status,
      200,
    )
    const refused = await request(app)
      .get('/admin')
      .set('authorization', await as('ben'))
    assert.equal(refused.status, 403)
    assert.deepEqual(refused.body, {
      error: 'ERR_COGNITO_FORBIDDEN',
      message: 'You are not allowed to do this.',
    })
    assert.equal(refused.headers['www-authenticate'], undefined)
    assert.equal((await request(app).get('/admin')).status, 401)
  })

  const notTheGroup: [string, unknown][] = [
    ['another spelling', ['Admin']],
    ['a longer name', ['admin-ro']],
    ['no group', undefined],
    ['an empty list', []],
  ]
  for (const [name, groups] of notTheGroup) {
    test(`requireGroups answers 403 to ${name}`, async () => {
      const token = await as('ben', { 'cognito:groups': groups })
      assert.equal((await request(app).get('/admin').set('authorization', token)).status, 403)
    })
  }

  test('a token whose groups are no list is refused, not read as text', async () => {
    const token = await as('ben', { 'cognito:groups': 'admin' })
    assert.equal((await request(app).get('/admin').set('authorization', token)).status, 401)
  })

  test('a signed-in page without the group is the 403 page of the app and never a sign-in', async () => {
    const whole = await startApp()
    try {
      const browser = new Browser(whole)
      await browser.signIn(ben)
      const answer = await browser.open('/admin')
      assert.equal(answer.status, 403)
      assert.equal(answer.headers.get('location'), null)
    } finally {
      await whole.close()
    }
  })

  test('requireScopes wants every scope as a whole word and names them in the challenge', async () => {
    const wanted = await as('ana', { scope: 'openid orders/list orders/read' })
    assert.equal((await request(app).get('/orders').set('authorization', wanted)).status, 200)
    for (const scope of [
      'orders/read',
      'orders/readonly orders/list',
      'orders/read:all orders/list',
      undefined,
    ]) {
      const answer = await request(app)
        .get('/orders')
        .set('authorization', await as('ana', { scope }))
      assert.equal(answer.status, 403, String(scope))
      assert.equal(
        answer.headers['www-authenticate'],
        'Bearer realm="cognito", error="insufficient_scope", scope="orders/read orders/list"',
      )
    }
  })

  test('getAuth throws 401 where nobody is recognised, and says which middleware is missing', async () => {
    assert.equal((await request(app).get('/unrecognised')).status, 401)
    assert.throws(() => getAuth({}), /requireAuth\(\).*session\(\{ userPool \}\)/)
  })

  test('session and bearer stand on one route: whoever recognises the caller first', async () => {
    const whole = await startApp()
    try {
      const browser = new Browser(whole)
      assert.equal((await browser.fetch('/api/me')).status, 401)
      await browser.signIn()
      assert.equal((await browser.fetch('/api/me')).status, 200)
      const token = await whole.local.issueToken({ username: 'ben', tokenUse: 'access' })
      const caller = await new Browser(whole).fetch('/api/me', { authorization: `Bearer ${token}` })
      assert.equal(caller.status, 200)
    } finally {
      await whole.close()
    }
  })
})
