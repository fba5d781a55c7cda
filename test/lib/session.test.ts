import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError } from '../../src/errors.ts'
import { requireSession, type Session, sessionCall } from '../../src/lib/session.ts'

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

test('a store that fails rejects with its error, or with one that says so', async () => {
  const fails = (error: unknown): Session => ({ ...good, destroy: (call) => call(error) })
  await assert.rejects(sessionCall(fails(new RangeError('full')), 'destroy'), RangeError)
  await assert.rejects(sessionCall(fails('text'), 'destroy'), /The session store failed/)
})
