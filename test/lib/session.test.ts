import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ConfigurationError, UnavailableError } from '../../src/errors.ts'
import { requireSession, type Session, sessionCall, storeCall } from '../../src/lib/session.ts'

const done = (call: (error?: unknown) => void) => call()
const good: Session = { regenerate: done, save: done, destroy: done }

test('CF-06 without a session the developer is told what to mount', () => {
  for (const req of [{}, { session: undefined }, { session: null }])
    assert.throws(
      () => requireSession(req),
      (error) => {
        assert.ok(error instanceof ConfigurationError)
        assert.match(error.message, /Mount express-session before passport/)
        return true
      },
    )
})

test('CF-06 a session that cannot be renewed, such as that of cookie-session, is refused', () => {
  for (const method of ['regenerate', 'save', 'destroy'])
    assert.throws(
      () => requireSession({ session: { ...good, [method]: undefined } }),
      /cookie-session keeps tokens/,
    )
})

test('a session of express-session is given as it is', () => {
  assert.equal(requireSession({ session: good }), good)
})

test('a callback method runs as a promise, on its session', async () => {
  const session = {
    ...good,
    save(call: (error?: unknown) => void) {
      assert.equal(this, session)
      call()
    },
  }
  await sessionCall(session, 'save')
})

test('a store that fails, in whatever way, is 503, and its error is not quoted', async () => {
  for (const failure of [new RangeError('s3cret'), 's3cret', { token: 's3cret' }]) {
    const failing: Session = { ...good, destroy: (call) => call(failure) }
    await assert.rejects(sessionCall(failing, 'destroy'), (error) => {
      assert.ok(error instanceof UnavailableError)
      assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes('s3cret'))
      return true
    })
  }
  const throwing = storeCall(() => {
    throw new RangeError('s3cret')
  })
  await assert.rejects(throwing, UnavailableError)
})

test('a store that never answers is 503 after five seconds', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const waiting = assert.rejects(
    storeCall(() => undefined),
    UnavailableError,
  )
  t.mock.timers.tick(4_999)
  t.mock.timers.tick(1)
  await waiting
})

test('what a store finds is given', async () => {
  assert.equal(await storeCall<number>((call) => call(undefined, 7)), 7)
  assert.equal(await storeCall((call) => call(null)), undefined)
})
