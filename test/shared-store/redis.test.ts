import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis as IoRedis } from 'ioredis'
import { createClient } from 'redis'
import { redisStore } from '../../src/shared-store/redis.ts'
import { LimitedStore } from '../../src/shared-store/limited-store.ts'
import { type Client, noRedis, startRedis, type TestRedis } from '../support/redis.ts'

const ttlMs = 10_000

describe('a Redis that is not as it should be', { skip: noRedis }, () => {
  let redis: TestRedis
  let client: Client
  before(async () => {
    redis = await startRedis()
    client = await redis.client()
    const quiet = ['ACL', 'SETUSER', 'quiet', 'on', '>secret', '~cognito:*', 'resetchannels']
    await client.sendCommand([...quiet, '+get', '+set', '+del', '+eval', '+ping', '+info'])
  })
  after(() => redis.close())

  test('what is no text under one of our names is replaced like garbage', async () => {
    const store = redisStore({ client })
    await client.lPush('cognito:list', 'no text')
    assert.equal(await store.get('list'), '')
    assert.equal(await store.set('list', 'first', { ttlMs, expected: null }), false)
    assert.equal(await store.set('list', 'value', { ttlMs, expected: '' }), true)
    assert.equal(await store.get('list'), 'value')
  })

  test('a user who may not listen reads and writes, and no rejection is left behind, however often the connection is lost', async () => {
    const account = { username: 'quiet', password: 'secret' }
    const node = await redis.client(account)
    const io = new IoRedis(redis.port, { ...account, retryStrategy: () => 20 })
    io.on('error', () => undefined)
    for (const one of [node, io]) {
      const store = redisStore({ client: one })
      const limited = new LimitedStore(store, () => undefined)
      for (let round = 0; round < 3; round += 1) {
        await limited.set('key', String(round), { ttlMs })
        assert.equal(await limited.get('key'), String(round))
        await assert.rejects(store.subscribe(() => undefined))
        await client.sendCommand(['CLIENT', 'KILL', 'USER', 'quiet'])
        await wait(150)
      }
      await store.close()
    }
    io.disconnect()
  })

  test('who may not listen at first, and then may, listens', async () => {
    const account = { username: 'deaf', password: 'secret' }
    await client.sendCommand(['ACL', 'SETUSER', 'deaf', 'on', '>secret', '~*', 'resetchannels', '+@all'])
    const node = await redis.client(account)
    const io = new IoRedis(redis.port, account)
    io.on('error', () => undefined)
    for (const one of [node, io]) {
      await client.sendCommand(['ACL', 'SETUSER', 'deaf', 'resetchannels'])
      const store = redisStore({ client: one })
      const [refused, heard]: [string[], string[]] = [[], []]
      await assert.rejects(store.subscribe((message) => refused.push(message)))
      await client.sendCommand(['ACL', 'SETUSER', 'deaf', 'allchannels'])
      const end = await store.subscribe((message) => heard.push(message))
      await store.publish('news')
      for (let tries = 0; tries < 100 && heard.length === 0; tries += 1) await wait(20)
      assert.deepEqual([refused, heard], [[], ['news']])
      await end()
      await store.close()
    }
    io.disconnect()
  })

  test('a store that was first used while Redis was away works when it is back, and hears again', async () => {
    await redis.kill()
    const late = createClient({ url: redis.url, socket: { reconnectStrategy: 50 } })
    late.on('error', () => undefined)
    void late.connect().catch(() => undefined)
    const store = redisStore({ client: late })
    const heard: string[] = []
    const limited = new LimitedStore(store, (message) => heard.push(message))
    await assert.rejects(limited.get('key'))
    await redis.start()
    let value: unknown
    for (let tries = 0; tries < 100 && value === undefined; tries += 1) {
      await wait(100)
      await limited.set('key', 'value', { ttlMs }).catch(() => undefined)
      value = await limited.get('key').catch(() => undefined)
    }
    assert.equal(value, 'value')
    for (let tries = 0; tries < 100 && heard.length === 0; tries += 1) {
      await store.publish('news')
      await wait(100)
    }
    assert.equal(heard[0], 'news')
    await limited.close()
    await store.close()
    late.destroy()
  })
})
