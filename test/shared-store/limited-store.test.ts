import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { memoryStore, onEvent, type SharedStore, UnavailableError } from '../../src/index.ts'
import { LimitedStore } from '../../src/shared-store/limited-store.ts'
import { acquire } from '../../src/shared-store/lock.ts'

const ttlMs = 10_000

interface Scripted {
  store: SharedStore
  /** What was asked of it. */
  asked: string[]
  /** What it does instead of its work; nothing: its work. */
  instead: Partial<Record<keyof SharedStore, () => Promise<never>>>
}

function scripted(): Scripted {
  const memory = memoryStore()
  const asked: string[] = []
  const instead: Scripted['instead'] = {}
  const ask = <T>(what: keyof SharedStore, work: () => Promise<T>): Promise<T> => {
    asked.push(what)
    return instead[what]?.() ?? work()
  }
  const store: SharedStore = {
    get: (key) => ask('get', () => memory.get(key)),
    set: (key, value, options) => ask('set', () => memory.set(key, value, options)),
    delete: (key, options) => ask('delete', () => memory.delete(key, options)),
    publish: (message) => ask('publish', () => memory.publish(message)),
    subscribe: (listener) => ask('subscribe', () => memory.subscribe(listener)),
    close: () => memory.close(),
  }
  return { store, asked, instead }
}

const hangs = () => new Promise<never>(() => undefined)
const fails = () => Promise.reject(new Error('no'))
const nobody = () => undefined

test('while the store hangs, one request at a time waits for it, and none for longer than its limit', async () => {
  const { store, asked, instead } = scripted()
  const limited = new LimitedStore(store, nobody)
  await limited.get('key')
  instead.get = hangs
  await assert.rejects(limited.get('key'), UnavailableError)
  asked.length = 0
  await Promise.allSettled(Array.from({ length: 50 }, () => limited.get('key')))
  assert.deepEqual(asked, [], 'nobody waits in the pause')
  await wait(600)
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => limited.get('key')))
  assert.ok(outcomes.every(({ status }) => status === 'rejected'))
  assert.deepEqual(asked, ['get'], 'one finds out')
  delete instead.get
  await wait(600)
  assert.equal(await limited.get('key'), undefined)
  assert.equal((await Promise.all(Array.from({ length: 50 }, () => limited.get('key')))).length, 50)
})

test('a request that fails at once is about itself: the next one is asked', async () => {
  const { store, instead } = scripted()
  const limited = new LimitedStore(store, nobody)
  await limited.set('key', 'value', { ttlMs })
  instead.delete = fails
  await assert.rejects(limited.delete('other'), UnavailableError)
  assert.equal(await limited.get('key'), 'value')
})

test('a store that cannot listen or publish is read and written all the same, and is not asked again and again', async () => {
  const { store, asked, instead } = scripted()
  Object.assign(instead, { subscribe: fails, publish: fails })
  const said: string[] = []
  const end = onEvent('store', ({ type, operation }) => said.push(`${type} ${operation}`))
  const limited = new LimitedStore(store, nobody)
  await limited.set('key', 'value', { ttlMs })
  for (let round = 0; round < 20; round += 1) {
    limited.publish('news')
    assert.equal(await limited.get('key'), 'value')
  }
  end()
  assert.equal(asked.filter((what) => what === 'subscribe').length, 1)
  assert.ok(said.includes('failed subscribe') && said.includes('failed publish'))
})

test('what hangs when it is to be written first is taken back, so that a lock holds nobody up', async () => {
  const { store, asked, instead } = scripted()
  const limited = new LimitedStore(store, nobody)
  // It is done, and the answer is lost.
  const late = async () => {
    delete instead.set
    await store.set('lock', asked.at(-1) ?? '', { ttlMs })
    return hangs()
  }
  instead.set = late
  await assert.rejects(acquire(limited, 'lock', ttlMs), UnavailableError)
  assert.equal(asked.at(-1), 'delete')
})

test('whoever listens hears what is published, from the first look on and until it is closed', async () => {
  const memory = memoryStore()
  const heard: string[] = []
  const limited = new LimitedStore(memory, (message) => heard.push(message))
  await memory.publish('before')
  await limited.get('key')
  await memory.publish('while')
  await wait(1)
  await limited.close()
  await limited.close()
  await limited.get('key')
  await memory.publish('after')
  await wait(1)
  assert.deepEqual(heard, ['while'])
})
