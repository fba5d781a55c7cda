import assert from 'node:assert/strict'
import type { Express, NextFunction, Request, Response } from 'express'
import { after, before, beforeEach, describe, test } from 'node:test'
import request from 'supertest'
import { bearer, type BearerOptions, getAuth, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import express from '../support/express.ts'

const bare = 'Bearer realm="cognito"'
const invalid = `${bare}, error="invalid_token", error_description="The token is not valid"`

describe('what bearer() answers over HTTP', () => {
  let local: LocalCognito
  let app: Express
  let handled: number

  before(async () => {
    local = await startLocalCognito({
      users: [{ username: 'ana', password: 'Passw0rd!' }],
      clients: [{}, { clientId: 'other1' }],
    })
  })
  after(() => local.close())
  beforeEach(() => {
    local.requests.clear()
    app = appWith({})
  })

  function appWith(options: Partial<BearerOptions>): Express {
    handled = 0
    const made = express()
    made.use(bearer({ userPool: new UserPool(local.userPool), ...options }))
    made.get('/', (req, res) => {
      handled += 1
      const { claims, source } = getAuth(req)
      res.json({ sub: claims.sub, use: claims.token_use, source })
    })
    made.use(
      (error: { status?: number; headers?: object }, _: Request, res: Response, _next: NextFunction) => {
        res
          .status(error.status ?? 500)
          .set(error.headers ?? {})
          .json({ seen: 'by the error handler' })
      },
    )
    return made
  }

  /** The answer to a refused request: the status and the challenge, no cookie, nothing cached, the handler not called. */
  async function refused(status: number, authorization?: string): Promise<request.Response> {
    const sent = request(app).get('/')
    if (authorization !== undefined) sent.set('Authorization', authorization)
    const response = await sent
    assert.equal(response.status, status)
    assert.equal(response.headers['set-cookie'], undefined)
    assert.equal(response.headers['cache-control'], 'no-store')
    assert.equal(handled, 0)
    return response
  }

  test('BV-01 no Authorization header is 401 with a bare challenge', async () => {
    const response = await refused(401)
    assert.equal(response.headers['www-authenticate'], bare)
    assert.equal(response.body.error, 'ERR_COGNITO_UNAUTHENTICATED')
    assert.equal(local.requests.total(), 0)
  })

  test('BV-01 another scheme counts as no token', async () => {
    const response = await refused(401, 'Basic YW5hOlBhc3N3MHJkIQ==')
    assert.equal(response.headers['www-authenticate'], bare)
  })

  test('BV-02 a valid token reaches the handler 1,001 times on one fetch of the keys', async () => {
    const token = await local.issueToken({ tokenUse: 'access' })
    const server = app.listen(0, '127.0.0.1')
    try {
      for (let index = 0; index < 1_001; index += 1)
        await request(server).get('/').set('Authorization', `Bearer ${token}`).expect(200)
    } finally {
      server.close()
    }
    assert.equal(handled, 1_001)
    assert.equal(local.requests.count('jwks'), 1)
  })

  test('BV-03 an expired token is 401 invalid_token with a fixed description', async () => {
    const token = await local.issueToken({ tokenUse: 'access', expiresInSeconds: -1 })
    const response = await refused(401, `Bearer ${token}`)
    assert.equal(response.headers['www-authenticate'], invalid)
    assert.deepEqual(response.body, {
      error: 'ERR_COGNITO_INVALID_TOKEN',
      message: 'The token is not valid.',
    })
  })

  test('BV-08 an ID token is 401 where an access token is required, and the reverse', async () => {
    const id = await local.issueToken({ tokenUse: 'id' })
    const access = await local.issueToken({ tokenUse: 'access' })
    assert.equal((await refused(401, `Bearer ${id}`)).headers['www-authenticate'], invalid)
    app = appWith({ tokenUse: 'id' })
    assert.equal((await refused(401, `Bearer ${access}`)).headers['www-authenticate'], invalid)
    const taken = await request(app).get('/').set('Authorization', `Bearer ${id}`)
    assert.deepEqual([taken.status, taken.body.use, taken.body.source], [200, 'id', 'bearer'])
  })

  test('BV-09 a token of another app client is 401, unless the route names that client', async () => {
    const token = await local.issueToken({ tokenUse: 'access', clientId: 'other1' })
    assert.equal((await refused(401, `Bearer ${token}`)).headers['www-authenticate'], invalid)
    app = appWith({ clientId: 'other1' })
    await request(app).get('/').set('Authorization', `Bearer ${token}`).expect(200)
  })

  test('keys that cannot be fetched are 503 for the app’s error handler, and let nobody in', async (t) => {
    t.after(local.fail('jwks', { status: 500 }))
    const token = await local.issueToken({ tokenUse: 'access' })
    const response = await request(app).get('/').set('Authorization', `Bearer ${token}`)
    assert.equal(response.status, 503)
    assert.equal(response.headers['retry-after'], '5')
    assert.deepEqual(response.body, { seen: 'by the error handler' })
    assert.equal(handled, 0)
  })

  test('required: false lets requests without a token through, and no bad token', async () => {
    app = appWith({ required: false })
    const expired = await local.issueToken({ tokenUse: 'access', expiresInSeconds: -1 })
    await refused(401, `Bearer ${expired}`)
    const anonymous = await request(app).get('/')
    // getAuth() closes the route that nobody guarded.
    assert.equal(anonymous.status, 401)
    assert.equal(anonymous.headers['www-authenticate'], bare)
  })
})
