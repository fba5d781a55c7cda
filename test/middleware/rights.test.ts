import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ErrorRequestHandler, Express as ExpressApp } from 'express'
import request from 'supertest'
import {
  bearer,
  type Claims,
  type CognitoError,
  getAuth,
  IdentityPool,
  requireAuth,
  requireGroups,
  session,
  UserPool,
} from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, ben, Browser, startApp } from '../support/app.ts'
import express from '../support/express.ts'

describe('what a caller may do', () => {
  let local: LocalCognito
  let app: ExpressApp
  let isRevoked: (claims: Claims) => boolean | Promise<boolean>
  let staleBefore: () => Date | undefined
  before(async () => {
    local = await startLocalCognito({ users: [ana, ben], groups: [{ name: 'admin' }] })
    const userPool = new UserPool({ ...local.userPool, isRevoked: (claims) => isRevoked(claims) })
    const identityPool = new IdentityPool(local.identityPool)
    app = express()
    const api = bearer({ userPool, staleBefore: () => staleBefore() })
    app.get(
      '/groups',
      api,
      requireGroups({ all: ['staff', 'berlin'], any: ['buyer', 'seller'], none: ['suspended'] }),
      (_req, res) => res.json('in'),
    )
    app.get(
      '/check',
      api,
      requireAuth({
        check: async (auth, req) => Promise.resolve(auth.claims.sub === req.headers['x-owner']),
      }),
      (_req, res) => res.json('in'),
    )
    app.get('/check-throws', api, requireAuth({ check: () => { throw new Error('no table') } }), (_req, res) => res.json('in')) // prettier-ignore
    app.get(
      '/machines',
      bearer({ userPool, identityPool, allowMachineTokens: true, tokenUse: 'access', clientId: null }),
      (req, res) => {
        const { kind, credentials } = getAuth(req)
        credentials().catch((error: CognitoError) => res.json({ kind, code: error.code }))
      },
    )
    app.get('/people', bearer({ userPool, clientId: null }), (req, res) => res.json(getAuth(req).kind))
    app.use(((error, _req, res, _next) => {
      res.status((error as Partial<CognitoError>).status ?? 500).json({ name: (error as Error).name })
    }) satisfies ErrorRequestHandler)
  })
  beforeEach(() => {
    isRevoked = () => false
    staleBefore = () => undefined
    local.requests.clear()
  })
  after(() => local.close())

  const get = async (
    path: string,
    claims: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) =>
    request(app)
      .get(path)
      .set(headers)
      .set(
        'authorization',
        `Bearer ${await local.issueToken({ username: 'ana', tokenUse: 'access', claims })}`,
      )

  const groups: [string[] | undefined, number][] = [
    [['staff', 'berlin', 'buyer'], 200],
    [['staff', 'berlin', 'seller', 'other'], 200],
    [['staff', 'buyer'], 403],
    [['staff', 'berlin'], 403],
    [['staff', 'berlin', 'buyer', 'suspended'], 403],
    [undefined, 403],
  ]
  for (const [has, status] of groups) {
    test(`requireGroups({ all, any, none }) answers ${status} to ${JSON.stringify(has)}`, async () => {
      assert.equal((await get('/groups', { 'cognito:groups': has })).status, status)
    })
  }

  for (const wrong of [{}, { any: [] }, { all: 'admin' }, { some: ['admin'] }, { none: [''] }]) {
    test(`requireGroups(${JSON.stringify(wrong)}) is refused at construction`, () => {
      assert.throws(() => requireGroups(wrong as never), { name: 'ConfigurationError' })
    })
  }

  test('requireAuth({ check }) asks the app, and 403 is its no', async () => {
    assert.equal((await get('/check', { sub: 'ana-1' }, { 'x-owner': 'ana-1' })).status, 200)
    assert.equal((await get('/check', { sub: 'ana-1' }, { 'x-owner': 'ben-1' })).status, 403)
    assert.equal((await request(app).get('/check')).status, 401)
    assert.equal((await get('/check-throws')).status, 500)
  })

  const machine = {
    sub: 'machine-client',
    client_id: 'machine-client',
    username: undefined,
    'cognito:groups': undefined,
  }
  test('BV-37 a machine token is 401 unless it is allowed; then its kind says so and AWS credentials are refused without a call', async () => {
    assert.equal((await get('/people', machine)).status, 401)
    assert.equal((await get('/people')).body, 'user')
    const answer = await get('/machines', machine)
    assert.equal(answer.status, 200)
    assert.equal(answer.body.kind, 'client')
    assert.equal(answer.body.code, 'ERR_COGNITO_CREDENTIALS')
    assert.equal(local.requests.count('GetId'), 0)
  })

  test('isRevoked is asked for every use of a token, remembered or not', async () => {
    const asked: string[] = []
    isRevoked = ({ jti }) => asked.push(jti) > 1
    const token = await local.issueToken({ username: 'ana', tokenUse: 'access' })
    const use = () => request(app).get('/people').set('authorization', `Bearer ${token}`)
    assert.equal((await use()).status, 200)
    assert.equal((await use()).status, 401)
    assert.equal(asked.length, 2)
  })

  test('isRevoked that fails is a 503: nobody gets in on a question that was not answered', async () => {
    isRevoked = () => Promise.reject(new Error('no table'))
    const answer = await get('/people')
    assert.equal(answer.status, 503)
  })

  test('isRevoked that never answers is a 503 after the time limit of the pool', async () => {
    const pool = new UserPool({
      ...local.userPool,
      timeoutMs: 50,
      isRevoked: () => new Promise(() => undefined),
    })
    const token = await local.issueToken({ username: 'ana', tokenUse: 'access' })
    await new UserPool(local.userPool).verify(token, { tokenUse: 'access' })
    await assert.rejects(pool.verify(token, { tokenUse: 'access' }), { status: 503 })
  })

  test('what a route does to the groups and scopes of its caller reaches no other request', async () => {
    const pool = new UserPool(local.userPool)
    const greedy = express()
    greedy.get('/', bearer({ userPool: pool }), (req, res) => {
      const { groups, scopes, claims } = getAuth(req)
      const lists = [groups, scopes, claims['cognito:groups']] as string[][]
      for (const list of lists) assert.throws(() => list.push('admin'), TypeError)
      assert.throws(() => Object.assign(getAuth(req), { groups: ['admin'] }), TypeError)
      res.json(lists)
    })
    const token = await local.issueToken({
      username: 'ana',
      tokenUse: 'access',
      claims: { 'cognito:groups': ['staff'], scope: 'openid' },
    })
    for (let round = 0; round < 2; round += 1) {
      const { body } = await request(greedy).get('/').set('authorization', `Bearer ${token}`)
      assert.deepEqual(body, [['staff'], ['openid'], ['staff']])
    }
  })

  test('a token from before staleBefore is 401, a newer one 200, and a date to come says nothing', async () => {
    const second = Math.floor(Date.now() / 1000)
    staleBefore = () => new Date(second * 1000 - 10_000)
    assert.equal((await get('/people', { iat: second - 11 })).status, 200, 'not asked on this route')
    assert.equal((await get('/check', { iat: second - 11, sub: 'a' }, { 'x-owner': 'a' })).status, 401)
    assert.equal((await get('/check', { iat: second - 9, sub: 'a' }, { 'x-owner': 'a' })).status, 200)
    staleBefore = () => new Date(Date.now() + 60_000)
    assert.equal((await get('/check', { sub: 'a' }, { 'x-owner': 'a' })).status, 200)
  })
})

describe('the end of a sign-in', () => {
  test('an access token that the API took before sign-out is 401 after it, in this process', async () => {
    let token = ''
    const app = await startApp({
      routes: (express) =>
        express.get('/token', (req, res) => {
          token = (req.user as { tokens: { accessToken: string } }).tokens.accessToken
          res.json('kept')
        }),
    })
    try {
      const browser = new Browser(app)
      await browser.signIn()
      await browser.fetch('/token')
      const call = () => new Browser(app).fetch('/api/me', { authorization: `Bearer ${token}` })
      assert.equal((await call()).status, 200)
      await browser.post('/logout')
      assert.equal((await call()).status, 401)
      // A sign-in of the same user elsewhere is another one.
      await browser.signIn()
      assert.equal((await browser.fetch('/account')).status, 200)
    } finally {
      await app.close()
    }
  })

  test('session({ staleBefore }) refreshes once, and the new token counts', async () => {
    let changedAt: Date | undefined
    const app = await startApp({
      routes: (express, { userPool }) =>
        express.get('/fresh', (req, _res, next) => {
          Object.defineProperty(req, 'cognito', { value: undefined, configurable: true })
          session({ userPool, staleBefore: () => changedAt })(req, _res, next)
        }, (req, res) => res.json(getAuth(req).claims.iat)), // prettier-ignore
    })
    try {
      const browser = new Browser(app)
      await browser.signIn()
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      app.local.requests.clear()
      assert.equal((await browser.fetch('/fresh')).status, 200)
      assert.equal(app.local.requests.count('token'), 0)
      changedAt = new Date(Math.floor(Date.now() / 1000) * 1000)
      for (let count = 0; count < 3; count += 1) assert.equal((await browser.fetch('/fresh')).status, 200)
      assert.equal(app.local.requests.count('token'), 1)
    } finally {
      await app.close()
    }
  })
})
