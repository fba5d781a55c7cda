import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, mock, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  ConfigurationError,
  IdentityPool,
  type IdentityPoolOptions,
  memoryStore,
  type SharedStore,
} from '../../src/index.ts'
import { gate } from '../support/gate.ts'
import {
  bound,
  deaf,
  type Engine,
  failing,
  memoryEngine,
  redisEngine,
  sealingKey,
} from '../support/processes.ts'
import { noRedis } from '../support/redis.ts'
import { at, minutes, start } from './clock.ts'
import {
  identityOf,
  identityPoolId,
  issued,
  ownerNumber,
  provider,
  scriptedClient,
  serviceException,
} from './scripted-client.ts'

const engines = [
  { name: 'memory', open: memoryEngine, skip: false },
  { name: 'Redis', open: redisEngine, skip: noRedis },
] as const

for (const { name, open, skip } of engines) {
  describe(`credentials shared through ${name}`, { skip }, () => {
    let engine: Engine
    let user = 0
    let lifeMs = 60 * minutes
    let answering: (() => Promise<void>) | undefined
    let refusal: Error | undefined
    let refuses: ((input: Record<string, unknown>) => Error | undefined) | undefined
    /** Whose identity the service gives instead. */
    let mistaken: number | undefined
    const pools: IdentityPool[] = []
    const service = scriptedClient(async ({ operation, input }) => {
      if (operation === 'GetId')
        return { IdentityId: identityOf(mistaken ?? Number(Object.values(input['Logins'] as object)[0])) }
      await answering?.()
      const refused = refusal ?? refuses?.(input)
      if (refused) throw refused
      return { IdentityId: input['IdentityId'], Credentials: issued(String(service.calls.length), lifeMs) }
    })
    const fetches = () => service.count('GetCredentialsForIdentity')

    before(async () => {
      engine = await open()
    })
    after(() => engine.close())
    beforeEach(() => {
      user += 1
      lifeMs = 60 * minutes
      answering = undefined
      refusal = undefined
      refuses = undefined
      mistaken = undefined
      service.calls.length = 0
    })
    afterEach(async () => {
      mock.timers.reset()
      await Promise.all(pools.splice(0).map((pool) => pool.close()))
    })

    async function process(
      options: Partial<IdentityPoolOptions> = {},
      wrap = (store: SharedStore) => store,
    ): Promise<() => ReturnType<IdentityPool['credentials']>> {
      const pool = new IdentityPool({
        identityPoolId,
        client: service.client,
        sealingKey,
        store: wrap(await engine.store()),
        ...options,
      })
      pools.push(pool)
      return () => pool.credentials({ [provider]: String(user) }, { owner: ownerNumber(user) })
    }
    const processes = (count: number) => Promise.all(Array.from({ length: count }, () => process()))
    const credentialKeys = async () =>
      [...(await engine.values()).keys()].filter((key) => /^credentials:[^:]*$/.test(key))

    test('MP-01 four processes that ask fifty times each fetch once', async () => {
      const all = await processes(4)
      const given = await Promise.all(all.flatMap((ask) => Array.from({ length: 50 }, ask)))
      assert.equal(fetches(), 1)
      assert.equal(new Set(given.map((one) => one.accessKeyId)).size, 1)
      assert.deepEqual(new Set(given.map((one) => one.identityId)), new Set([identityOf(user)]))
    })

    test('one renewal for each life in the whole deployment', async () => {
      const all = await processes(4)
      at(start)
      for (const ask of all) await ask()
      for (let life = 1; life <= 4; life += 1) {
        // Every minute somebody asks, whichever process has it.
        for (let minute = 1; minute <= 50; minute += 1) {
          at(start + (life - 1) * 50 * minutes + minute * minutes)
          const { expiration } = await (all[minute % 4] as () => Promise<{ expiration: Date }>)()
          assert.ok(expiration.getTime() > Date.now())
          await wait(1)
        }
      }
      // Two hundred minutes: with a life of an hour, of which fifty minutes and more are used.
      assert.ok(fetches() >= 4 && fetches() <= 5, String(fetches()))
      assert.equal(service.count('GetId'), 1)
    })

    test('MP-02 nothing that is kept can be read or says whose it is', async () => {
      const ask = await process()
      const given = await ask()
      const kept = JSON.stringify([...(await engine.values())])
      for (const secret of [given.accessKeyId, given.secretAccessKey, given.sessionToken, given.identityId])
        assert.ok(!kept.includes(secret), secret)
      assert.ok((await credentialKeys()).length > 0)
    })

    test('MP-04 MP-05 what cannot be read is fetched anew, once, and replaced', async () => {
      const before = new Set(await credentialKeys())
      const [first, second] = await Promise.all([process(), process()])
      await first()
      const [key = ''] = (await credentialKeys()).filter((one) => !before.has(one))
      const real = (await engine.values()).get(key) ?? ''
      for (const garbage of [
        '',
        '{"roles":{}}',
        real.slice(0, -4),
        `2.${real.slice(2)}`,
        '\0\x01',
        'x'.repeat(10_000_000),
      ]) {
        await engine.set(key, garbage)
        service.calls.length = 0
        await (
          await process()
        )()
        assert.equal(fetches(), 1)
        assert.notEqual((await engine.values()).get(key), garbage)
      }
      service.calls.length = 0
      await (
        await process({ sealingKey: [sealingKey.toUpperCase(), sealingKey] })
      )()
      assert.equal(fetches(), 0, 'every key of the ring opens')
      await (
        await process({ sealingKey: sealingKey.toUpperCase() })
      )()
      assert.equal(fetches(), 1, 'another key opens nothing')
      await second()
    })

    test('MP-08 a process that dies while it fetches holds the others up for five seconds at most', async () => {
      const dead = gate()
      answering = () => dead.pass()
      const first = await process()
      const others = await processes(3)
      void first().catch(() => undefined)
      await dead.reached
      answering = undefined
      const started = performance.now()
      await Promise.all(others.map((ask) => ask()))
      assert.ok(performance.now() - started < 5_000)
      assert.equal(fetches(), 2)
    })

    test('IC-02 one GetId for each user in the whole deployment, also after a sign-out and a restart', async () => {
      const [first, second] = await Promise.all([process(), process()])
      await first()
      pools[0]?.forget(ownerNumber(user))
      await wait(50)
      await second()
      await (
        await process()
      )()
      pools[1]?.forget(ownerNumber(user))
      await wait(50)
      assert.equal((await (await process())()).identityId, identityOf(user))
      assert.equal(service.count('GetId'), 1)
      assert.equal(fetches(), 3)
    })

    test('the identity alone is known to the others too', async () => {
      const [first] = await Promise.all([process(), process()])
      await first()
      pools[0]?.forget(ownerNumber(user))
      const logins = { [provider]: String(user) }
      assert.equal(await pools[1]?.identityId(logins, { owner: ownerNumber(user) }), identityOf(user))
      assert.equal(service.count('GetId'), 1)
    })

    test('IC-17 an identity that was deleted is asked for again, in a process that knows it from another one too, and the others hear of the new one', async () => {
      await (
        await process()
      )()
      pools[0]?.forget(ownerNumber(user))
      await wait(50)
      service.calls.length = 0
      const next = user + 1_000
      mistaken = next
      refuses = ({ IdentityId }) =>
        IdentityId === identityOf(user) ? serviceException('ResourceNotFoundException') : undefined
      assert.equal((await (await process())()).identityId, identityOf(next))
      assert.deepEqual(
        service.calls.map(({ operation }) => operation),
        ['GetCredentialsForIdentity', 'GetId', 'GetCredentialsForIdentity'],
      )
      pools[1]?.forget(ownerNumber(user))
      await wait(50)
      assert.equal((await (await process())()).identityId, identityOf(next))
      assert.equal(service.count('GetId'), 1)
    })

    test('what was looked up is not looked up again for a minute, and then once, and stays', async (t) => {
      const looks: string[] = []
      const ask = await process({}, (store) => ({
        ...bound(store),
        get(key) {
          if (/^credentials:[^:]*$/.test(key)) looks.push(key)
          return store.get(key)
        },
      }))
      const { accessKeyId } = await ask()
      looks.length = 0
      let now = performance.now()
      t.mock.method(performance, 'now', () => now)
      for (let minute = 1; minute <= 3; minute += 1) {
        now += 59_000
        await ask()
        assert.equal(looks.length, minute - 1)
        now += 1_001
        const given = await Promise.all(Array.from({ length: 10 }, ask))
        assert.ok(given.every((one) => one.accessKeyId === accessKeyId))
        assert.equal(looks.length, minute)
      }
      assert.equal(fetches(), 1)
    })

    test('a record that the store has lost is kept again within a minute', async (t) => {
      const before = new Set(await credentialKeys())
      const [first] = await Promise.all([process(), process()])
      const { accessKeyId } = await first()
      const [key = ''] = (await credentialKeys()).filter((one) => !before.has(one))
      await (await engine.store()).delete(key)
      const now = performance.now()
      t.mock.method(performance, 'now', () => now + 60_001)
      assert.equal((await first()).accessKeyId, accessKeyId)
      t.mock.restoreAll()
      assert.equal((await (await process())()).accessKeyId, accessKeyId)
      assert.equal(fetches(), 1)
    })

    test('MP-14 what another process fetched after it was forgotten is adopted within a minute where the message is lost', async (t) => {
      const unhearing = await process({}, deaf)
      const hearing = await process()
      const old = await unhearing()
      pools[1]?.forget(ownerNumber(user))
      await wait(50)
      const { accessKeyId } = await hearing()
      assert.notEqual(accessKeyId, old.accessKeyId)
      const now = performance.now()
      t.mock.method(performance, 'now', () => now + 60_001)
      assert.equal((await unhearing()).accessKeyId, accessKeyId)
      assert.equal(fetches(), 2)
    })

    test('every role of a user is shared, and as long as it lasts, whatever becomes of the others', async (t) => {
      const [first, second] = await Promise.all([process(), process()])
      const logins = { [provider]: String(user) }
      const asEditor = (pool: IdentityPool | undefined) =>
        pool?.credentials(logins, { owner: ownerNumber(user, 'editor') })
      at(start)
      lifeMs = 20 * minutes
      const { accessKeyId } = await first()
      lifeMs = 60 * minutes
      const editor = await asEditor(pools[0])
      assert.notEqual(editor?.accessKeyId, accessKeyId)
      assert.equal((await second()).accessKeyId, accessKeyId)
      assert.equal(fetches(), 2)
      at(start + 30 * minutes)
      if (name === 'memory') {
        const now = performance.now()
        t.mock.method(performance, 'now', () => now + 30 * minutes)
      }
      assert.equal((await asEditor(pools[1]))?.accessKeyId, editor?.accessKeyId)
      assert.equal(fetches(), 2)
    })

    test('what has ten minutes left is not adopted, since clocks differ; what has more is', async () => {
      at(start)
      const { accessKeyId } = await (await process())()
      at(start + 50 * minutes - 1)
      assert.equal((await (await process())()).accessKeyId, accessKeyId)
      at(start + 50 * minutes)
      assert.notEqual((await (await process())()).accessKeyId, accessKeyId)
    })

    test('nobody waits for the fetch of another user', async () => {
      const slow = gate()
      answering = () => slow.pass()
      const [first, second] = await Promise.all([process(), process()])
      const waiting = first()
      await slow.reached
      answering = undefined
      user += 1
      const started = performance.now()
      await second()
      assert.ok(performance.now() - started < 1_000)
      slow.open()
      await waiting
    })

    test('an identity is written once, however often its user comes', async () => {
      const writes: string[] = []
      const counting = (store: SharedStore): SharedStore => ({
        ...bound(store),
        set(key, value, options) {
          if (key.startsWith('identity:')) writes.push(key)
          return store.set(key, value, options)
        },
      })
      const [first, second] = await Promise.all([process({}, counting), process({}, counting)])
      for (const ask of [first, second, first, second]) {
        await ask()
        pools[0]?.forget(ownerNumber(user))
        await wait(50)
      }
      assert.equal(writes.length, 1)
    })

    test('the identity of whoever was refused is asked for again, in every process', async () => {
      await (
        await process()
      )()
      const refusing = await process()
      pools[0]?.forget(ownerNumber(user))
      await wait(50)
      refusal = serviceException('NotAuthorizedException')
      await assert.rejects(refusing(), { code: 'ERR_COGNITO_CREDENTIALS' })
      await wait(50)
      refusal = undefined
      service.calls.length = 0
      await (
        await process()
      )()
      assert.equal(service.count('GetId'), 1)
    })

    test('whom no verified claims name leaves no identity: nobody would find it', async () => {
      const identities = async () =>
        [...(await engine.values()).keys()].filter((key) => key.startsWith('identity:')).length
      const before = await identities()
      await process()
      await pools[0]?.credentials({ [provider]: String(user) })
      await pools[0]?.provider({ [provider]: String(user) })()
      await wait(50)
      assert.equal(await identities(), before)
    })

    // Redis has a clock of its own.
    if (name === 'memory')
      test('MP-11 an identity is kept for thirty days', async (t) => {
        await (
          await process()
        )()
        const days = 24 * 60 * minutes
        const [now, wall] = [performance.now(), Date.now()]
        for (const [passed, asked] of [
          [29 * days, 1],
          [60 * days, 2],
        ] as const) {
          t.mock.method(performance, 'now', () => now + passed)
          at(wall + passed)
          await (
            await process()
          )()
          assert.equal(service.count('GetId'), asked)
          t.mock.restoreAll()
        }
      })

    test('two identity pools on one store share nothing', async () => {
      const [one, other] = await Promise.all([
        process(),
        process({ identityPoolId: identityPoolId.replace('128d', '228d') }),
      ])
      const { accessKeyId } = await one()
      assert.notEqual((await other()).accessKeyId, accessKeyId)
      assert.equal(fetches(), 2)
      assert.equal(service.count('GetId'), 2)
    })

    test('MP-05 what is no identity of this user is not taken for it', async () => {
      const identities = async () =>
        new Map([...(await engine.values())].filter(([key]) => key.startsWith('identity:')))
      const asked = async () => {
        const before = await identities()
        await (
          await process()
        )()
        return [...(await identities())].find(([key]) => !before.has(key)) ?? ['', '']
      }
      const [, real] = await asked()
      user += 1
      const [other] = await asked()
      assert.ok(real && other)
      for (const garbage of ['', '{"identityId":"eu-west-1:1"}', real, real.slice(0, -4), '\0\x01']) {
        await engine.set(other, garbage)
        pools[0]?.forget(ownerNumber(user))
        await wait(50)
        service.calls.length = 0
        assert.equal((await (await process())()).identityId, identityOf(user))
        assert.equal(service.count('GetId'), 1)
        assert.notEqual((await engine.values()).get(other), garbage)
      }
    })

    test('MP-07 what a process brings late does not come over what was forgotten meanwhile', async () => {
      const slow = gate()
      answering = () => slow.pass()
      const before = new Set(await credentialKeys())
      const first = await process()
      const late = first()
      await slow.reached
      pools[0]?.forget({ ...ownerNumber(user) })
      await wait(50)
      const [key = ''] = (await credentialKeys()).filter((one) => !before.has(one))
      const forgotten = (await engine.values()).get(key)
      slow.open()
      await late
      assert.equal((await engine.values()).get(key), forgotten)
    })

    test('MP-07 what a process brings late does not come over what lives longer', async () => {
      const slow = gate()
      answering = () => slow.pass()
      const late = (await process())()
      await slow.reached
      answering = undefined
      const { expiration } = await (await process())()
      lifeMs = 50 * minutes
      slow.open()
      assert.ok((await late).expiration < expiration)
      assert.deepEqual((await (await process())()).expiration, expiration)
      assert.equal(fetches(), 2)
    })

    test('credentials of an identity that is known as another user’s are not adopted', async () => {
      const [knowing, deceived] = await Promise.all([process(), process()])
      await knowing()
      mistaken = user
      user += 1
      assert.equal((await deceived()).identityId, identityOf(mistaken))
      mistaken = undefined
      assert.equal((await knowing()).identityId, identityOf(user))
    })

    test('what one process forgets all have forgotten within two seconds', async () => {
      const [first, second] = await Promise.all([process(), process()])
      await first()
      await second()
      assert.equal(fetches(), 1)
      pools[0]?.forget(ownerNumber(user))
      const until = performance.now() + 2_000
      while (fetches() === 1 && performance.now() < until) {
        await wait(20)
        await second()
      }
      assert.equal(fetches(), 2)
    })

    test('MP-14 what was forgotten is noticed within a minute where the message is lost', async (t) => {
      const unhearing = await process({}, deaf)
      const hearing = await process()
      await unhearing()
      await hearing()
      pools[1]?.forget(ownerNumber(user))
      await wait(50)
      await unhearing()
      assert.equal(fetches(), 1)
      const now = performance.now()
      t.mock.method(performance, 'now', () => now + 60_001)
      await unhearing()
      assert.equal(fetches(), 2)
    })

    test('IC-11 who is refused in one process is refused in all, and their credentials are gone', async () => {
      const [first, second] = await Promise.all([process(), process()])
      await first()
      await second()
      refusal = serviceException('NotAuthorizedException')
      at(Date.now() + 59.5 * minutes)
      await assert.rejects(async () => first(), { code: 'ERR_COGNITO_CREDENTIALS' })
      await wait(50)
      await assert.rejects(async () => second(), { code: 'ERR_COGNITO_CREDENTIALS' })
    })

    test('MP-10 with clocks five minutes apart nobody serves what has expired, and two fetches are enough', async () => {
      const [ahead, behind] = await Promise.all([process(), process()])
      let expiresAt = 0
      let real = start
      for (; real < start + 65 * minutes; real += minutes) {
        for (const [ask, skew] of [
          [ahead, 5],
          [behind, -5],
        ] as const) {
          at(real + skew * minutes)
          lifeMs = 60 * minutes - skew * minutes
          const { expiration } = await ask()
          assert.ok(expiration.getTime() > real, `${(real - start) / minutes} ${skew}`)
          expiresAt = Math.max(expiresAt, expiration.getTime())
        }
        await wait(1)
      }
      assert.ok(fetches() <= 3, String(fetches()))
    })

    test('what was forgotten while the store was away is not taken back from it, and forgotten everywhere once it is back', async () => {
      let away = false
      const flaky = await process({}, (store) => failing(store, () => away))
      const other = await process()
      const old = await flaky()
      await other()
      away = true
      pools[0]?.forget(ownerNumber(user))
      await wait(20)
      away = false
      assert.notEqual((await flaky()).accessKeyId, old.accessKeyId)
      await wait(1_500)
      assert.notEqual((await other()).accessKeyId, old.accessKeyId)
    })

    test('a store that fails only costs calls', async () => {
      const away = () => Promise.reject(new Error('away'))
      const broken = { get: away, set: away, delete: away, publish: away, subscribe: away, close: away }
      const [first, second] = await Promise.all([process({}, () => broken), process({}, () => broken)])
      await Promise.all([first(), first(), second()])
      assert.equal(fetches(), 2)
    })

    test('a store that hangs costs half a second', async () => {
      const hang = () => new Promise<never>(() => undefined)
      const hanging = { get: hang, set: hang, delete: hang, publish: hang, subscribe: hang, close: hang }
      const ask = await process({}, () => hanging)
      const started = performance.now()
      await ask()
      assert.ok(performance.now() - started < 1_500)
      assert.equal(fetches(), 1)
    })

    test('MP-11 every key ends with the credentials, or sooner', async () => {
      const ask = await process()
      lifeMs = 12 * minutes
      const before = new Set(await credentialKeys())
      await ask()
      assert.equal((await credentialKeys()).filter((key) => !before.has(key)).length, 1)
      if (name === 'memory') {
        const now = performance.now()
        const clock = mock.method(performance, 'now', () => now + 12 * minutes)
        assert.equal((await credentialKeys()).filter((key) => !before.has(key)).length, 0)
        clock.mock.restore()
      }
    })
  })
}

test('a store needs a sealing key, and must be one', () => {
  assert.throws(() => new IdentityPool({ identityPoolId, store: memoryStore() }), /"sealingKey"/)
  for (const store of [null, {}, 'redis://127.0.0.1'])
    assert.throws(() => new IdentityPool({ identityPoolId, sealingKey, store } as never), ConfigurationError)
  assert.throws(() => new IdentityPool({ identityPoolId, sealingKey: 'short' }), /"sealingKey"/)
})
