import assert from 'node:assert/strict'
import { after, before, describe, mock, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Cluster as IoCluster } from 'ioredis'
import { createCluster } from 'redis'
import { UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { sharedStoreContract } from '../../src/shared-store/contract.ts'
import { redisStore, type SharedStore } from '../../src/shared-store/redis.ts'
import { sealingKey } from '../support/processes.ts'
import { noRedis, startRedis, type TestRedis } from '../support/redis.ts'
import { ana, signIn } from '../user-pool/sign-in.ts'

const libraries = ['redis', 'ioredis'] as const

describe('MP-12 Redis as a cluster', { skip: noRedis }, () => {
  let redis: TestRedis
  let local: LocalCognito
  let stores: Record<(typeof libraries)[number], SharedStore>
  const ends: (() => unknown)[] = []
  before(async () => {
    redis = await startRedis('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1')
    await ownAllSlots(redis)
    const cluster = createCluster({ rootNodes: [{ url: redis.url }] })
    await cluster.connect()
    const io = new IoCluster([{ host: '127.0.0.1', port: redis.port }])
    ends.push(
      () => cluster.destroy(),
      () => io.disconnect(),
    )
    stores = { redis: redisStore({ client: cluster }), ioredis: redisStore({ client: io }) }
    local = await startLocalCognito({
      users: [ana],
      clients: [{ refreshTokenRotation: { retryGracePeriodSeconds: 0 } }],
    })
  })
  after(async () => {
    await Promise.all(Object.values(stores).map((store) => store.close()))
    for (const end of ends) end()
    await local.close()
    await redis.close()
  })

  for (const library of libraries) {
    for (const { name, check } of sharedStoreContract())
      test(`${library}: ${name}`, () => check(stores[library]))
  }

  test('a sign-in, a refresh and a sign-out reach a process that uses the other library', async (t) => {
    const [a, b] = libraries.map(
      (library) => new UserPool({ ...local.userPool, store: stores[library], sealingKey }),
    ) as [UserPool, UserPool]
    t.after(() => Promise.all([a.close(), b.close()]))
    const { tokens } = await signIn(a)
    const session = JSON.parse(JSON.stringify(tokens)) as typeof tokens
    const request = async (pool: UserPool) => {
      const found = await pool.signIns.find(session)
      assert.ok(found)
      return (await pool.signIns.current(found)).tokens
    }
    local.requests.clear()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
    t.after(() => mock.timers.reset())
    const [one, other] = await Promise.all([request(a), request(b)])
    assert.equal(one.accessToken, other.accessToken)
    assert.equal(local.requests.count('token'), 1)
    await a.signIns.end(one)
    const until = performance.now() + 2_000
    while (!b.signIns.hasEnded(session) && performance.now() < until) await wait(10)
    assert.ok(b.signIns.hasEnded(session))
  })
})

/** One node that has all slots is a cluster. */
async function ownAllSlots(redis: TestRedis): Promise<void> {
  const client = await redis.client()
  await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'])
  while (!(await client.clusterInfo()).includes('cluster_state:ok')) await wait(50)
}
