import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { Request } from 'express'
import { awsClient, bearer, getAuth, IdentityPool, session, UserPool } from '../../src/index.ts'
import { ana, ben, Browser, startApp, type TestApp } from '../support/app.ts'

describe('awsClient', () => {
  let app: TestApp
  const seen: { req: Request; client: S3Client }[] = []
  before(async () => {
    app = await startApp({
      routes: (express, { userPool }) => {
        express.get('/client', async (req, res) => {
          const { bucket, ...config } = app.local.s3
          const client = awsClient(req, S3Client, config)
          const { identityId } = await getAuth(req).credentials()
          seen.push({ req, client })
          const Key = `private/${identityId}/mine.txt`
          await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: identityId }))
          const listed = await client.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: `private/${identityId}/` }),
          )
          res.json({ identityId, keys: listed.Contents?.map((one) => one.Key) })
        })
        express.get('/who', async (req, res) => {
          const { Arn } = await awsClient(req, STSClient, app.local.sts).send(
            new GetCallerIdentityCommand({}),
          )
          res.json({ Arn })
        })
        express.use('/poolless', bearer({ userPool, tokenUse: 'id' }), (req, res) => {
          res.json({ message: messageOf(() => awsClient(req, S3Client, {})) })
        })
        express.get('/own', (req, res) => {
          res.json({
            message: messageOf(() => awsClient(req, S3Client, { credentials: async () => ({}) as never })),
          })
        })
      },
    })
  })
  after(() => app.close())
  const messageOf = (run: () => unknown) => {
    try {
      run()
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }

  test('a caller has one client for a configuration, and no other caller has it', async () => {
    seen.length = 0
    const [a, b] = [new Browser(app), new Browser(app)]
    await a.signIn(ana)
    await b.signIn(ben)
    for (const browser of [a, b, a, b, a]) assert.equal((await browser.fetch('/client')).status, 200)
    const clients = seen.map(({ client }) => client)
    assert.equal(new Set(clients).size, 2)
    assert.equal(clients[0], clients[2])
    assert.notEqual(clients[0], clients[1])
    // Connections belong to nobody.
    assert.equal(clients[0]?.config.requestHandler, clients[1]?.config.requestHandler)
  })

  test('it acts as the caller', async () => {
    const browsers = [new Browser(app), new Browser(app)] as const
    await browsers[0].signIn(ana)
    await browsers[1].signIn(ben)
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (browsers[index % 2] as Browser).fetch('/client')),
    )
    const found = await Promise.all(
      answers.map(async (one) => (await one.json()) as { identityId: string; keys: string[] }),
    )
    for (const { identityId, keys } of found) assert.deepEqual(keys, [`private/${identityId}/mine.txt`])
    assert.equal(new Set(found.map(({ identityId }) => identityId)).size, 2)
  })

  test('after sign-out the client of before signs nothing more', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    await browser.fetch('/client')
    const client = seen.at(-1)?.client as S3Client
    await browser.post('/logout')
    // What the client itself holds it may go on using; asked anew, it gets nothing.
    await assert.rejects(
      (client.config as { credentials: (o: object) => Promise<unknown> }).credentials({ forceRefresh: true }),
      {
        code: 'ERR_COGNITO_SESSION_ENDED',
      },
    )
    await browser.signIn(ana)
    await browser.fetch('/client')
    assert.notEqual(seen.at(-1)?.client, client)
  })

  test('another class or configuration is another client', () => {
    const { identityPool } = app
    const credentials = identityPool.provider({ provider: 'token' })
    const { bucket: _, ...config } = app.local.s3
    const of = (more: object) => identityPool.clients.get(credentials, S3Client, { ...config, ...more })
    assert.equal(of({}), of({}))
    assert.equal(of({ maxAttempts: 2 }), of({ maxAttempts: 2 }))
    const logger = { debug() {}, info() {}, warn() {}, error() {} }
    const handler = new S3Client(config).config.requestHandler
    const all = [
      of({}),
      of({ maxAttempts: 2 }),
      of({ region: 'eu-west-1' }),
      of({ requestHandler: handler }),
      of({ logger: { ...logger, name: 'x' } }),
    ]
    assert.equal(new Set<unknown>(all).size, all.length)
    assert.equal(all[3]?.config.requestHandler, handler, 'a handler of the app stays the app’s')
    assert.notEqual(identityPool.clients.get(credentials, STSClient, app.local.sts), all[0])
  })

  test('the number of users with clients is bounded', () => {
    const { identityPool } = app
    for (let user = 0; user < 600; user += 1)
      identityPool.clients.get(identityPool.provider({ provider: 'token' }), STSClient, app.local.sts)
    assert.ok(identityPool.clients.size <= 500)
  })

  test('nobody recognised is a 401; no identity pool and credentials of one’s own are named', async () => {
    assert.throws(() => awsClient({}, S3Client, {}), { code: 'ERR_COGNITO_UNAUTHENTICATED' })
    const token = await app.local.issueToken({ username: 'ana', tokenUse: 'id' })
    const poolless = await fetch(new URL('/poolless', app.url), {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.match(((await poolless.json()) as { message: string }).message, /identityPool/)
    const browser = new Browser(app)
    await browser.signIn(ana)
    assert.match(
      ((await (await browser.fetch('/own')).json()) as { message: string }).message,
      /"credentials"/,
    )
    assert.equal((await browser.fetch('/who')).status, 200)
  })

  test('close() ends the connections, and may be called twice', async () => {
    await app.identityPool.close()
    await app.identityPool.close()
    const own = session({ userPool: new UserPool(app.local.userPool), identityPool: app.identityPool })
    assert.equal(typeof own, 'function')
  })
})

describe('connections that users share', () => {
  const pool = new IdentityPool({ identityPoolId: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c' })
  const config = { region: 'eu-west-1', endpoint: 'http://127.0.0.1:1' }

  test('one user’s destroy() cuts nobody else off', () => {
    const [a, b] = [pool.provider({ one: 'a' }), pool.provider({ one: 'b' })]
    const [mine, yours] = [pool.clients.get(a, S3Client, config), pool.clients.get(b, S3Client, config)]
    const { requestHandler } = yours.config as { requestHandler: { destroy: () => void; metadata?: unknown } }
    mine.destroy()
    requestHandler.destroy()
    assert.equal(mine.config.requestHandler, yours.config.requestHandler)
    assert.ok(requestHandler.metadata)
  })

  test('configurations that are new each time do not pile up', () => {
    const credentials = pool.provider({ one: 'a' })
    for (let time = 0; time < 200; time += 1)
      pool.clients.get(credentials, S3Client, { ...config, requestHandler: { requestTimeout: time } })
    assert.ok(pool.clients.handlers <= 64, `${pool.clients.handlers}`)
  })
})
