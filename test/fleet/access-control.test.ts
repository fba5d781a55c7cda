import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Redis as IoRedis } from 'ioredis'
import { sharedStoreContract } from '../../src/shared-store/contract.ts'
import { redisStore } from '../../src/shared-store/redis.ts'
import { type Client, noRedis } from '../support/redis.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { connect } from './redis-client.ts'
import { Visitor } from './visitor.ts'

const ana = { username: 'ana', password: 'Passw0rd!', groups: ['admin'] }
/** As docs/scaling.md has them. */
const store = ['~cognito:*', '&cognito:messages', '+get', '+set', '+del', '+eval', '+publish', '+subscribe']
const sessions = ['~sess:*', '+get', '+set', '+del', '+expire']
/** What the client libraries need: here for `pingInterval` alone. */
const connection = ['+ping']

describe('MP-12 with users of Redis who may do only what is needed', { skip: noRedis }, () => {
  let fleet: Fleet
  before(async () => {
    fleet = await startFleet({
      users: [ana],
      processes: 2,
      prepare: async (redis: Client) => {
        const user = (name: string, rules: string[]) =>
          redis.sendCommand(['ACL', 'SETUSER', name, 'reset', 'on', '>secret', ...rules, ...connection])
        await user('store', store)
        await user('sessions', sessions)
      },
      store: { username: 'store', password: 'secret' },
      sessions: { username: 'sessions', password: 'secret' },
    })
  })
  after(() => fleet.close())

  test('all of it works: sign-in, credentials, refresh, sign-out in every process', async () => {
    const [a, b] = fleet.members.map(({ url }) => url) as [string, string]
    const visitor = new Visitor(fleet)
    assert.equal((await visitor.signIn(ana)).status, 303)
    for (const url of [a, b]) assert.equal((await visitor.get('/admin', url)).status, 200)
    for (const url of [a, b]) assert.equal((await visitor.get('/credentials', url)).status, 200)
    assert.equal(fleet.local.requests.count('GetCredentialsForIdentity'), 1)
    await fleet.advance(3_700)
    for (const url of [a, b]) assert.equal((await visitor.get('/account', url)).status, 200)
    assert.equal(fleet.local.requests.count('token'), 2)
    const { accessToken } = (await (await visitor.get('/tokens', b)).json()) as { accessToken: string }
    assert.equal((await visitor.api(accessToken, b)).status, 200)
    assert.equal((await visitor.post('/logout', a)).status, 303)
    const until = Date.now() + 2_000
    while ((await visitor.api(accessToken, b)).status === 200 && Date.now() < until);
    assert.equal((await visitor.api(accessToken, b)).status, 401)
  })

  test('a store keeps its promises through either library', async () => {
    const client = await connect({ url: fleet.redis.url, username: 'store', password: 'secret' })
    // Its ready check is the command INFO.
    const io = new IoRedis(fleet.redis.port, {
      username: 'store',
      password: 'secret',
      enableReadyCheck: false,
    })
    for (const one of [client, io]) {
      const shared = redisStore({ client: one })
      for (const { check } of sharedStoreContract()) await check(shared)
      await shared.close()
    }
    await client.close()
    io.disconnect()
  })

  test('and nothing was refused but the name of the library, which neither of them needs to say', async () => {
    const client = await fleet.redis.client()
    const log = await client.sendCommand<unknown[][]>(['ACL', 'LOG'])
    const refused = log.map((entry) => entry.join(' ')).filter((entry) => !/client\|setinfo/i.test(entry))
    assert.deepEqual(refused, [])
  })
})
