import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { SharedStore } from './shared-store.ts'

export type { SetOptions, SharedStore } from './shared-store.ts'

/** One thing that a shared store promises. */
export interface SharedStorePromise {
  name: string
  /** Resolves when the store keeps it, and rejects with an AssertionError when it does not. Takes a second at most. */
  check: (store: SharedStore) => Promise<void>
}

/**
 * What a shared store promises, for tests of your own one:
 * `for (const { name, check } of sharedStoreContract()) test(name, () => check(store))`. Keys and messages are new each time, so
 * that a store in use may be checked.
 */
export function sharedStoreContract(): SharedStorePromise[] {
  return [
    { name: 'a value is there until it is replaced or deleted', check: keepsValues },
    { name: 'a value is there no longer when its time is over', check: forgetsValues },
    { name: 'with expected: null, only the first of many writes', check: writesOnce },
    { name: 'with expected, only whoever knows the value replaces it', check: comparesAndSets },
    { name: 'with expected, only whoever knows the value deletes it', check: comparesAndDeletes },
    { name: 'a value that was replaced lives for as long as the new one is to', check: renewsTime },
    { name: 'any text is kept as it is', check: keepsAnyText },
    {
      name: 'what is published is heard by everyone who listens, and by nobody who has stopped',
      check: tells,
    },
  ]
}

const ttlMs = 10_000

async function keepsValues(store: SharedStore): Promise<void> {
  const key = randomUUID()
  assert.equal(await store.get(key), undefined)
  assert.equal(await store.set(key, 'one', { ttlMs }), true)
  assert.equal(await store.get(key), 'one')
  assert.equal(await store.set(key, 'two', { ttlMs }), true)
  assert.equal(await store.get(key), 'two')
  assert.equal(await store.delete(key), true)
  assert.equal(await store.get(key), undefined)
  assert.equal(await store.delete(key), false)
}

async function forgetsValues(store: SharedStore): Promise<void> {
  const [key, other] = [randomUUID(), randomUUID()]
  await store.set(key, 'short', { ttlMs: 50 })
  await store.set(other, 'long', { ttlMs })
  await wait(150)
  assert.equal(await store.get(key), undefined)
  assert.equal(await store.get(other), 'long')
  assert.equal(await store.set(key, 'again', { ttlMs, expected: null }), true)
  await store.delete(key)
  await store.delete(other)
}

async function writesOnce(store: SharedStore): Promise<void> {
  const key = randomUUID()
  const names = Array.from({ length: 20 }, (_, i) => `writer ${i}`)
  const written = await Promise.all(names.map((name) => store.set(key, name, { ttlMs, expected: null })))
  assert.equal(written.filter(Boolean).length, 1)
  assert.equal(await store.get(key), names[written.indexOf(true)])
  await store.delete(key)
}

async function comparesAndSets(store: SharedStore): Promise<void> {
  const key = randomUUID()
  assert.equal(await store.set(key, 'new', { ttlMs, expected: 'old' }), false)
  assert.equal(await store.get(key), undefined)
  await store.set(key, '0', { ttlMs })
  const names = Array.from({ length: 20 }, (_, i) => `writer ${i}`)
  const written = await Promise.all(names.map((name) => store.set(key, name, { ttlMs, expected: '0' })))
  assert.equal(written.filter(Boolean).length, 1)
  assert.equal(await store.get(key), names[written.indexOf(true)])
  await store.delete(key)
}

async function comparesAndDeletes(store: SharedStore): Promise<void> {
  const key = randomUUID()
  await store.set(key, 'mine', { ttlMs })
  assert.equal(await store.delete(key, { expected: 'yours' }), false)
  assert.equal(await store.get(key), 'mine')
  assert.equal(await store.delete(key, { expected: 'mine' }), true)
  assert.equal(await store.get(key), undefined)
  assert.equal(await store.delete(key, { expected: 'mine' }), false)
}

async function renewsTime(store: SharedStore): Promise<void> {
  const key = randomUUID()
  await store.set(key, 'short', { ttlMs: 100 })
  assert.equal(await store.set(key, 'long', { ttlMs, expected: 'short' }), true)
  await wait(200)
  assert.equal(await store.get(key), 'long')
  await store.delete(key)
}

async function keepsAnyText(store: SharedStore): Promise<void> {
  const key = randomUUID()
  for (const text of ['', ' ', '\0', '"\\n\n', 'ü 日本 👋', 'x'.repeat(200_000)]) {
    await store.set(key, text, { ttlMs })
    assert.equal(await store.get(key), text)
    assert.equal(await store.set(key, 'next', { ttlMs, expected: text }), true)
  }
  await store.delete(key)
}

async function tells(store: SharedStore): Promise<void> {
  const [heard, stopped]: [string[], string[]] = [[], []]
  const stop = await store.subscribe((message) => heard.push(message))
  const stopOther = await store.subscribe((message) => stopped.push(message))
  await stopOther()
  const messages = Array.from({ length: 10 }, () => String(randomUUID()))
  for (const message of messages) await store.publish(message)
  for (let tries = 0; tries < 50 && !messages.every((one) => heard.includes(one)); tries += 1) await wait(20)
  await stop()
  assert.deepEqual(
    heard.filter((one) => messages.includes(one)),
    messages,
  )
  assert.deepEqual(stopped, [])
}
