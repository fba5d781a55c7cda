import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ErrorRequestHandler, Express as ExpressApp, RequestHandler } from 'express'
import request from 'supertest'
import { bearer, type CognitoError, getAuth, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'
import express from '../support/express.ts'

describe('bearer() for several user pools', () => {
  let one: LocalCognito
  let two: LocalCognito
  let app: ExpressApp
  before(async () => {
    one = await startLocalCognito({
      users: [ana],
      userPoolId: 'us-east-1_TenantOne',
      clients: [{ clientId: 'web' }, { clientId: 'mobile' }],
    })
    two = await startLocalCognito({ users: [ana], userPoolId: 'eu-west-1_TenantTwo' })
    const [web, mobile] = one.clients.map((client) => new UserPool(client))
    const other = new UserPool(two.userPool)
    assert.ok(web && mobile)
    app = express()
    const show: RequestHandler = (req, res) => {
      const { claims } = getAuth(req)
      res.json({ iss: claims.iss, client: claims['client_id'] })
    }
    app.get('/list', bearer({ userPool: [web, mobile, other] }), show)
    app.get(
      '/by-host',
      bearer({ userPool: (req) => (req.headers.host === 'two.example' ? other : web) }),
      show,
    )
    app.get('/later', bearer({ userPool: async () => Promise.resolve(other) }), show)
    app.get('/none', bearer({ userPool: () => undefined as unknown as UserPool }), show)
    app.get('/never', bearer({ userPool: () => new Promise(() => undefined) }), show)
    app.get('/throws', bearer({ userPool: () => Promise.reject(new Error('no tenant table')) }), show)
    app.use(((error, _req, res, _next) => {
      res.status((error as Partial<CognitoError>).status ?? 500).json({ name: (error as Error).name })
    }) satisfies ErrorRequestHandler)
  })
  after(() => Promise.all([one.close(), two.close()]))
  beforeEach(() => {
    one.requests.clear()
    two.requests.clear()
  })

  const get = async (path: string, token: string, host = 'one.example') =>
    request(app).get(path).set('host', host).set('authorization', `Bearer ${token}`)
  const tokenOf = (local: LocalCognito, clientId?: string) =>
    local.issueToken({ username: 'ana', tokenUse: 'access', ...(clientId !== undefined && { clientId }) })

  test('a function that never names the pool is a 503 in time, and the handler does not run', async () => {
    const { status, body } = await get('/never', await tokenOf(one))
    assert.deepEqual([status, body], [503, { name: 'UnavailableError' }])
  })

  test('a list takes tokens of each pool and of each client', async () => {
    for (const [local, clientId] of [
      [one, 'web'],
      [one, 'mobile'],
      [two, two.userPool.clientId],
    ] as const) {
      const { status, body } = await get('/list', await tokenOf(local, clientId))
      assert.equal(status, 200)
      assert.deepEqual(body, { iss: local.userPool.issuer, client: clientId })
    }
  })

  test('a token of an unknown issuer is 401 without any fetch', async () => {
    const stranger = await startLocalCognito({ users: [ana], userPoolId: 'us-east-1_Stranger1' })
    try {
      assert.equal((await get('/list', await tokenOf(stranger))).status, 401)
      assert.equal(one.requests.total() + two.requests.total() + stranger.requests.total(), 0)
    } finally {
      await stranger.close()
    }
  })

  test('a token that names one pool and is signed by another is 401', async () => {
    const forged = await two.issueToken({
      username: 'ana',
      tokenUse: 'access',
      claims: { iss: one.userPool.issuer, client_id: 'web' },
    })
    assert.equal((await get('/list', forged)).status, 401)
  })

  test('a function chooses the pool of the request, now or later', async () => {
    assert.equal((await get('/by-host', await tokenOf(two), 'two.example')).status, 200)
    assert.equal((await get('/by-host', await tokenOf(two), 'one.example')).status, 401)
    assert.equal((await get('/later', await tokenOf(two))).status, 200)
  })

  test('a function that gives no pool or throws is a 500, never an open door', async () => {
    const none = await get('/none', await tokenOf(one, 'web'))
    assert.deepEqual([none.status, none.body], [500, { name: 'ConfigurationError' }])
    assert.equal((await get('/throws', await tokenOf(one, 'web'))).status, 500)
  })

  test('garbage is 401 before any pool is chosen by it', async () => {
    for (const token of ['x', 'a.b.c', 'e30.e30.e30', 'eyJhbGciOiJSUzI1NiJ9.bnVsbA.x']) {
      assert.equal((await get('/list', token)).status, 401)
    }
  })

  for (const userPool of [[], [undefined], 'pool', null, {}]) {
    test(`${JSON.stringify(userPool)} is refused at construction`, () => {
      assert.throws(() => bearer({ userPool: userPool as unknown as UserPool }), {
        name: 'ConfigurationError',
        message: /userPool/,
      })
    })
  }
})
