import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import request from 'supertest'
import { bearer, InvalidTokenError, requireScopes, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'
import express from '../support/express.ts'

describe('verified tokens that come again', () => {
  let local: LocalCognito
  let userPool: UserPool
  before(async () => {
    local = await startLocalCognito({ users: [ana] })
    userPool = new UserPool(local.userPool)
  })
  after(() => local.close())

  const issue = (claims: Record<string, unknown> = {}, expiresInSeconds = 3_600) =>
    local.issueToken({ username: 'ana', tokenUse: 'access', claims, expiresInSeconds })
  const verify = (token: string) => userPool.verify(token, { tokenUse: 'access' })
  async function at(offsetMs: number, run: () => Promise<void>) {
    mock.timers.enable({ apis: ['Date'], now: Date.now() + offsetMs })
    try {
      await run()
    } finally {
      mock.timers.reset()
    }
  }

  test('give the very same frozen claims', async () => {
    const token = await issue()
    assert.equal(await verify(token), await verify(token))
  })

  test('BV-42 are refused from the second they expire, though they were verified before', async () => {
    const token = await issue({}, 60)
    await at(59_000, async () => void (await verify(token)))
    await at(61_500, async () => {
      await assert.rejects(verify(token), { reason: 'expired' })
    })
  })

  test('BV-42 are accepted from nbf on, though they were refused before', async () => {
    const token = await issue({ nbf: Math.floor(Date.now() / 1000) + 60 })
    await assert.rejects(verify(token), { reason: 'not_yet_valid' })
    await at(61_000, async () => void (await verify(token)))
    await assert.rejects(verify(token), { reason: 'not_yet_valid' })
  })

  test('BV-42 meet the checks of each route anew', async () => {
    const app = express()
    app.get('/open', bearer({ userPool }), (_req, res) => res.json('open'))
    app.get('/orders', bearer({ userPool }), requireScopes('orders/read'), (_req, res) => res.json('orders'))
    app.get('/ids', bearer({ userPool, tokenUse: 'id' }), (_req, res) => res.json('ids'))
    app.get('/others', bearer({ userPool, clientId: 'another' }), (_req, res) => res.json('others'))
    const token = await issue()
    const status = async (path: string) =>
      (await request(app).get(path).set('authorization', `Bearer ${token}`)).status
    for (const round of [1, 2]) {
      assert.equal(await status('/open'), 200, `round ${round}`)
      assert.equal(await status('/orders'), 403)
      assert.equal(await status('/ids'), 401)
      assert.equal(await status('/others'), 401)
    }
  })

  test('are refused in every other spelling', async () => {
    const token = await issue()
    await verify(token)
    for (const altered of [
      `${token}=`,
      `${token} `,
      token.slice(0, -1),
      token.replace(/\.[^.]*$/, '.AAAA'),
    ]) {
      await assert.rejects(verify(altered), InvalidTokenError)
    }
  })

  test('are forgotten when their key leaves the JWKS', async () => {
    let keys: unknown = local.jwks()
    const pool = new UserPool({ ...local.userPool, fetch: async () => Promise.resolve(Response.json(keys)) })
    const token = await issue()
    await pool.verify(token, { tokenUse: 'access' })
    const rotated = await startLocalCognito({
      users: [ana],
      issuer: local.userPool.issuer,
      userPoolId: local.userPool.userPoolId,
    })
    try {
      keys = rotated.jwks()
      const [next, clientId] = [await rotated.issueToken({ username: 'ana', tokenUse: 'access' }), null]
      await at(10_001, async () => void (await pool.verify(next, { tokenUse: 'access', clientId })))
      await at(10_002, async () => {
        await assert.rejects(pool.verify(token, { tokenUse: 'access' }), { reason: 'unknown_key' })
      })
    } finally {
      await rotated.close()
    }
  })

  test('are not remembered with verifiedTokens: 0', async () => {
    const pool = new UserPool({ ...local.userPool, verifiedTokens: 0 })
    const token = await issue()
    const claims = await pool.verify(token, { tokenUse: 'access' })
    const again = await pool.verify(token, { tokenUse: 'access' })
    assert.notEqual(claims, again)
    assert.deepEqual(claims, again)
  })

  test('are bounded: the least recently used one is verified anew', async () => {
    const pool = new UserPool({ ...local.userPool, verifiedTokens: 2 })
    const [one, two, three] = await Promise.all([issue(), issue(), issue()])
    const first = await pool.verify(one, { tokenUse: 'access' })
    await pool.verify(two, { tokenUse: 'access' })
    assert.equal(await pool.verify(one, { tokenUse: 'access' }), first)
    const second = await pool.verify(two, { tokenUse: 'access' })
    await pool.verify(three, { tokenUse: 'access' })
    assert.notEqual(await pool.verify(one, { tokenUse: 'access' }), first)
    assert.equal(second.token_use, 'access')
  })
})
