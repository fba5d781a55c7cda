import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import { CredentialsError, IdentityPool, memoryStore, onEvent, UnavailableError } from '../../src/index.ts'
import { sealingKey } from '../support/processes.ts'
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

interface Seen {
  type: string
  identityPoolId: string
  error?: Error
}

describe('what became of each ask for credentials is said once', () => {
  let refusal: Error | undefined
  let seen: Seen[] = []
  let stop: () => void = () => undefined
  const service = scriptedClient(({ operation, input }) => {
    if (operation === 'GetId') return { IdentityId: identityOf(1) }
    if (refusal) throw refusal
    return { IdentityId: input['IdentityId'], Credentials: issued(String(service.calls.length)) }
  })
  const store = memoryStore()
  const openPool = (shared = false) =>
    new IdentityPool({ identityPoolId, client: service.client, ...(shared && { store, sealingKey }) })
  const ask = (pool: IdentityPool, user = 1) =>
    pool.credentials({ [provider]: String(user) }, { owner: ownerNumber(user) })
  const types = () => seen.map(({ type }) => type)

  beforeEach(() => {
    seen = []
    refusal = undefined
    service.clear()
    stop = onEvent('credentials', (event) => seen.push(event))
    at(start)
  })
  afterEach(() => {
    stop()
    mock.timers.reset()
  })

  test('loaded, hit and renewed name the pool and no error', async () => {
    const pool = openPool()
    await ask(pool)
    await ask(pool)
    // Later than the last moment of those at which it may begin.
    at(start + 57 * minutes)
    await ask(pool)
    await service.settled()
    assert.deepEqual(types(), ['loaded', 'hit', 'renewed'])
    for (const event of seen) {
      assert.equal(event.identityPoolId, identityPoolId)
      assert.ok(!('error' in event), 'no error where nothing failed')
    }
  })

  test('adopted is what another process has fetched', async () => {
    await ask(openPool(true))
    await ask(openPool(true))
    assert.deepEqual(types(), ['loaded', 'adopted'])
  })

  test('what a process fetched because the store is away was loaded, not adopted', async () => {
    const away = () => Promise.reject(new Error('away'))
    const broken = { get: away, set: away, delete: away, publish: away, subscribe: away, close: away }
    await ask(new IdentityPool({ identityPoolId, client: service.client, store: broken, sealingKey }))
    assert.deepEqual(types(), ['loaded'])
  })

  test('refused and failed come with the error that the caller gets', async () => {
    const pool = openPool()
    refusal = serviceException('NotAuthorizedException')
    const refused = await ask(pool).catch((error: unknown) => error)
    refusal = serviceException('InternalErrorException')
    const failed = await ask(pool, 2).catch((error: unknown) => error)
    assert.deepEqual(types(), ['refused', 'failed'])
    assert.ok(refused instanceof CredentialsError && failed instanceof UnavailableError)
    assert.deepEqual(
      seen.map(({ error }) => error),
      [refused, failed],
    )
  })

  test('of what the app’s own function threw only the name is told', async () => {
    const pool = openPool()
    const login = () => Promise.reject(new TypeError('a token, perhaps'))
    await assert.rejects(pool.credentials({ [provider]: login }, { owner: ownerNumber(3) }), TypeError)
    assert.deepEqual(types(), ['failed'])
    assert.equal(seen[0]?.error?.message, 'TypeError')
  })
})
