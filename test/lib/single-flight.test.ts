import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SingleFlight } from '../../src/lib/single-flight.ts'

test('who asks while the work is under way shares it, and who asks afterwards begins it anew', async () => {
  const flights = new SingleFlight<number>()
  let runs = 0
  const work = () => Promise.resolve((runs += 1))
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => flights.run('a', work))), [1, 1, 1])
  assert.equal(await flights.run('a', work), 2)
})

test('work of another name is other work', async () => {
  const flights = new SingleFlight<string>()
  const named = (name: string) => flights.run(name, () => Promise.resolve(name))
  assert.deepEqual(await Promise.all([named('a'), named('b')]), ['a', 'b'])
})

test('all who share it hear why it failed, and the next try is a new one', async () => {
  const flights = new SingleFlight<string>()
  const fail = () => Promise.reject(new Error('away'))
  const shared = [flights.run('a', fail), flights.run('a', () => Promise.resolve('not asked'))]
  for (const one of shared) await assert.rejects(one, /away/)
  assert.equal(await flights.run('a', () => Promise.resolve('back')), 'back')
})
