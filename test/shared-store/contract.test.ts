import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Redis as IoRedis } from 'ioredis'
import { ConfigurationError, memoryStore } from '../../src/index.ts'
import { sharedStoreContract } from '../../src/shared-store/contract.ts'
import { redisStore, type SharedStore } from '../../src/shared-store/redis.ts'
import { type Client, noRedis, startRedis, type TestRedis } from '../support/redis.ts'

for (const { name, check } of sharedStoreContract()) test(`memory: ${name}`, () => check(memoryStore()))

describe('Redis', { skip: noRedis }, () => {
  let redis: TestRedis
  let client: Client
  let io: IoRedis
  let stores: Record<'redis' | 'ioredis', SharedStore>
  before(async () => {
    redis = await startRedis()
    client = await redis.client()
    io = new IoRedis(redis.port)
    stores = { redis: redisStore({ client }), ioredis: redisStore({ client: io }) }
  })
  after(async () => {
    await Promise.all([stores.redis.close(), stores.ioredis.close()])
    io.disconnect()
    await redis.close()
  })

  for (const library of ['redis', 'ioredis'] as const) {
    for (const { name, check } of sharedStoreContract())
      test(`${library}: ${name}`, () => check(stores[library]))
  }

  test('both libraries read and hear each other', async () => {
    await stores.redis.set('shared', 'value', { ttlMs: 5_000 })
    assert.equal(await stores.ioredis.get('shared'), 'value')
    const heard = new Promise(
      (resolve) => void stores.ioredis.subscribe(resolve).then(() => stores.redis.publish('news')),
    )
    assert.equal(await heard, 'news')
  })

  test('MP-11 every key has a time to live, and the prefix that was chosen', async () => {
    const store = redisStore({ client, prefix: 'shop:' })
    await store.set('key', 'value', { ttlMs: 5_000 })
    const ttl = await client.pTTL('shop:key')
    assert.ok(ttl > 0 && ttl <= 5_000)
    for (const key of await client.keys('*')) assert.ok((await client.pTTL(key)) > 0, key)
  })
})

test('a wrong client or option is refused when the store is made', () => {
  for (const client of [undefined, null, {}, 'redis://127.0.0.1', { get: () => 1, eval: () => 1 }])
    assert.throws(() => redisStore({ client } as never), ConfigurationError)
  const client = { isOpen: true, get: () => 1, eval: () => 1, on: () => 1 }
  assert.throws(() => redisStore({ client, prefix: '' } as never), /"prefix"/)
  assert.throws(() => redisStore({ client, prefx: 'a' } as never), /no option "prefx"/)
})
