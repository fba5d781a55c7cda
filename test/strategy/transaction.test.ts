import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import type { Session } from '../../src/lib/session.ts'
import { begin, carryOver, forgetPending, take, type Transaction } from '../../src/strategy/transaction.ts'

const audience = 'https://issuer.example client https://app.example.com/callback'
const minute = 60_000

/** A session whose methods answer as express-session's do, and say that they were called. */
class FakeSession implements Session {
  [name: string]: unknown
  #calls: string[] = []
  #errors: Record<string, unknown>

  constructor(values: object = {}, errors: Record<string, unknown> = {}) {
    Object.assign(this, values)
    this.#errors = errors
  }

  calls(): string[] {
    return this.#calls
  }

  regenerate(done: (error?: unknown) => void) {
    this.#run('regenerate', done)
  }

  save(done?: (error?: unknown) => void) {
    this.#run('save', done)
  }

  destroy(done: (error?: unknown) => void) {
    this.#run('destroy', done)
  }

  #run(method: string, done?: (error?: unknown) => void): void {
    this.#calls.push(method)
    done?.(this.#errors[method])
  }
}

const kept = (session: Session) => session['cognitoSignIn'] as Transaction[]

/** Runs at a later time. Only the date moves. */
function later<T>(ms: number, run: () => T): T {
  mock.timers.enable({ apis: ['Date'], now: Date.now() + ms })
  try {
    return run()
  } finally {
    mock.timers.reset()
  }
}

describe('a sign-in that begins', () => {
  test('has three secrets of 256 bits, each its own, and is all that is written into the session', () => {
    const session = new FakeSession({ cart: ['book'] })
    const before = Date.now()
    const transaction = begin(session, audience, '/files')
    const { state, nonce, codeVerifier, startedAt, ...rest } = transaction
    assert.equal(new Set([state, nonce, codeVerifier]).size, 3)
    for (const secret of [state, nonce, codeVerifier]) assert.match(secret, /^[\w-]{43}$/)
    assert.equal(startedAt >= before && startedAt <= Date.now(), true)
    assert.deepEqual(rest, { audience, returnTo: '/files' })
    assert.deepEqual({ ...session }, { cart: ['book'], cognitoSignIn: [transaction] })
    assert.deepEqual(session.calls(), [])
  })

  test('without a page to come back to names none', () => {
    assert.equal('returnTo' in begin(new FakeSession(), audience, undefined), false)
  })

  test('stands behind the others, of which the ten latest stay', () => {
    const session = new FakeSession()
    const states = Array.from({ length: 12 }, () => begin(session, audience, undefined).state)
    assert.deepEqual(
      kept(session).map(({ state }) => state),
      states.slice(2),
    )
  })

  test('clears away those that took longer than ten minutes, and keeps the used ones without their secrets', () => {
    const session = new FakeSession()
    const [used, pending] = [begin(session, audience, '/used'), begin(session, audience, undefined)]
    take(session, audience, used.state)
    const justInTime = later(10 * minute - 5_000, () => begin(session, audience, undefined).state)
    assert.deepEqual(
      kept(session).map(({ state }) => state),
      [used.state, pending.state, justInTime],
    )
    const late = later(10 * minute + 5_000, () => begin(session, audience, undefined).state)
    assert.deepEqual(
      kept(session).map(({ state }) => state),
      [used.state, justInTime, late],
    )
    assert.deepEqual(kept(session)[0], { ...used, nonce: '', codeVerifier: '', used: true })
  })
})

describe('a transaction is taken', () => {
  test('once: it comes with its secrets, stays without them, and is known as used', () => {
    const session = new FakeSession()
    const [first, second] = [begin(session, audience, '/one'), begin(session, audience, undefined)]
    assert.deepEqual(take(session, audience, first.state), { transaction: first })
    const used = { ...first, nonce: '', codeVerifier: '', used: true }
    assert.deepEqual(kept(session), [used, second])
    assert.deepEqual(take(session, audience, first.state), { transaction: used, fault: 'transaction_used' })
    assert.deepEqual(kept(session), [used, second])
  })

  test('by its state and its audience, both of them', () => {
    const session = new FakeSession()
    assert.deepEqual(take(session, audience, 'any'), { fault: 'transaction_missing' })
    const transaction = begin(session, audience, undefined)
    for (const [other, state] of [
      [audience, 'another'],
      ['another', transaction.state],
      [audience, ''],
    ] as const)
      assert.deepEqual(take(session, other, state), { fault: 'state_mismatch' })
    assert.deepEqual(kept(session), [transaction])
  })

  test('within ten minutes: to the millisecond it is good, one more and it is gone for good', () => {
    const session = new FakeSession()
    const [one, two] = [begin(session, audience, undefined), begin(session, audience, undefined)]
    for (const transaction of kept(session)) transaction.startedAt = one.startedAt
    mock.timers.enable({ apis: ['Date'], now: one.startedAt + 10 * minute })
    try {
      assert.equal(take(session, audience, two.state).fault, undefined)
      mock.timers.setTime(one.startedAt + 10 * minute + 1)
      assert.deepEqual(take(session, audience, one.state), { transaction: one, fault: 'transaction_expired' })
      // The used one stays, so that a reload finds its page.
      assert.deepEqual(
        kept(session).map(({ state }) => state),
        [two.state],
      )
      assert.equal(take(session, audience, two.state).fault, 'transaction_used')
    } finally {
      mock.timers.reset()
    }
    assert.deepEqual(take(session, audience, one.state), { fault: 'state_mismatch' })
  })

  test('when it is the only one and too old, nothing of it stays', () => {
    const session = new FakeSession()
    const { state } = begin(session, audience, undefined)
    later(11 * minute, () => take(session, audience, state))
    assert.deepEqual(kept(session), [])
  })
})

describe('what the session store gives back', () => {
  const good = { state: 's', nonce: 'n', codeVerifier: 'v', audience, startedAt: Date.now() }
  const stored = (row: unknown) => new FakeSession({ cognitoSignIn: row })

  test('is believed when it is whole, with a page or without', () => {
    assert.deepEqual(take(stored([good]), audience, 's'), { transaction: good })
    const withPage = { ...good, returnTo: '/files' }
    assert.deepEqual(take(stored([withPage]), audience, 's'), { transaction: withPage })
  })

  const broken: [string, unknown][] = [
    ['no list', good],
    ['a text', 'cognitoSignIn'],
    ['null in the list', [null]],
    ['nothing in the list', [undefined]],
    ['a text in the list', ['s']],
    ...Object.keys(good).flatMap((name): [string, unknown][] => [
      [`an entry without its ${name}`, [{ ...good, [name]: undefined }]],
      [`an entry whose ${name} has another type`, [{ ...good, [name]: [good[name as keyof typeof good]] }]],
    ]),
    ['a page that is no text', [{ ...good, returnTo: ['//evil.example'] }]],
    ['a page that is null', [{ ...good, returnTo: null }]],
  ]
  for (const [what, row] of broken) {
    test(`is no sign-in when it is ${what}, and hides none that is whole`, () => {
      assert.deepEqual(take(stored(row), audience, 's'), { fault: 'transaction_missing' })
      const whole = { ...good, state: 'whole' }
      const session = stored([...(Array.isArray(row) ? row : []), whole])
      assert.deepEqual(take(session, audience, 's'), { fault: 'state_mismatch' })
      assert.deepEqual(take(session, audience, 'whole'), { transaction: whole })
      assert.equal(kept(session).length, 1)
    })
  }
})

describe('giving up what is pending', () => {
  test('leaves the used ones, for a reload, and saves the session', async () => {
    const session = new FakeSession()
    const [used, pending] = [begin(session, audience, '/'), begin(session, audience, '/')]
    take(session, audience, used.state)
    await forgetPending(session)
    assert.deepEqual(session.calls(), ['save'])
    assert.deepEqual(take(session, audience, pending.state), { fault: 'state_mismatch' })
    assert.equal(take(session, audience, used.state).fault, 'transaction_used')
  })
})

describe('the session that Passport renews', () => {
  /** A request as express-session leaves it: `regenerate` puts a new session in place of the old. */
  function request(errors: Record<string, unknown> = {}) {
    const req = { session: new FakeSession({}, errors) as Session, sessionID: 'old' }
    const old = req.session as FakeSession
    const fresh = new FakeSession({}, errors)
    const regenerate = old.regenerate.bind(old)
    old.regenerate = (done) => {
      Object.assign(req, { session: fresh, sessionID: 'new' })
      regenerate(done)
    }
    return { req, old, fresh }
  }
  const done = (call: (done: (error?: unknown) => void) => unknown) =>
    new Promise<unknown>((resolve) => void call(resolve))

  test('carries the other transactions over, notes whose sign-in it is, and nothing else', async () => {
    const { req, old, fresh } = request()
    Object.assign(old, { cart: ['book'] })
    const [used, pending, stale] = [
      begin(old, audience, '/'),
      begin(old, audience, '/'),
      begin(old, audience, '/'),
    ]
    take(old, audience, used.state)
    const row = kept(old).map((one) => (one.state === stale.state ? { ...one, startedAt: 0 } : one))
    Object.assign(old, { cognitoSignIn: row })
    const before = Date.now()
    carryOver(req)
    assert.equal(await done((call) => req.session.regenerate(call)), undefined)
    assert.deepEqual({ ...fresh }, {})
    assert.equal(await done((call) => req.session.save(call)), undefined)
    const { cognitoSignIn, cognitoSignedIn, cognitoSignedInAt, ...rest } = { ...fresh }
    assert.deepEqual(
      (cognitoSignIn as Transaction[]).map(({ state }) => state),
      [used.state, pending.state],
    )
    assert.equal(cognitoSignedIn, 'new')
    const { of, at } = cognitoSignedInAt as { of: string; at: number }
    assert.equal(of, 'new')
    assert.equal(at >= before && at <= Date.now(), true)
    assert.deepEqual(rest, {})
    assert.deepEqual([old.calls(), fresh.calls()], [['regenerate'], ['save']])
  })

  test('wins over what keepSessionInfo copies from the former session', async () => {
    const { req, fresh } = request()
    Object.assign(req.session, { cognitoSignedIn: 'old', cognitoSignedInAt: { of: 'old', at: 1 } })
    const former = { ...req.session }
    carryOver(req)
    await done((call) => req.session.regenerate(call))
    Object.assign(fresh, former)
    await done((call) => req.session.save(call))
    assert.equal(fresh['cognitoSignedIn'], 'new')
    assert.equal((fresh['cognitoSignedInAt'] as { of: string }).of, 'new')
  })

  for (const method of ['regenerate', 'save'] as const) {
    test(`a store whose ${method} fails is an UnavailableError that does not repeat the store's words`, async () => {
      const { req } = request({ [method]: new Error('row {"idToken":"canary"}') })
      carryOver(req)
      if (method === 'save') await done((call) => req.session.regenerate(call))
      const error = (await done((call) => req.session[method](call))) as Error
      assert.equal(error.name, 'UnavailableError')
      assert.doesNotMatch(error.message + String(error.cause), /canary/)
    })
  }

  test('is nobody’s when it could not be renewed: saving it notes no sign-in', async () => {
    const { req, fresh } = request({ regenerate: 'store down' })
    carryOver(req)
    await done((call) => req.session.regenerate(call))
    await done((call) => req.session.save(call))
    assert.deepEqual({ ...fresh }, {})
  })

  test('lets others wrap its methods again, by assignment or by definition', async () => {
    const { req, fresh } = request()
    carryOver(req)
    await done((call) => req.session.regenerate(call))
    const saved: string[] = []
    const save = req.session.save.bind(req.session)
    req.session.save = (call) => {
      saved.push('assigned')
      return save(call)
    }
    const assigned = req.session.save.bind(req.session)
    const value: Session['save'] = (call) => {
      saved.push('defined')
      return assigned(call)
    }
    Object.defineProperty(req.session, 'save', { value, configurable: true, enumerable: true })
    await done((call) => req.session.save(call))
    assert.deepEqual(saved, ['defined', 'assigned'])
    assert.equal(fresh['cognitoSignedIn'], 'new')
  })

  test('may be saved without a callback, and its methods are not among its values', async () => {
    const { req, fresh } = request()
    carryOver(req)
    await done((call) => req.session.regenerate(call))
    const save = req.session.save.bind(req.session) as () => void
    save()
    assert.equal(fresh['cognitoSignedIn'], 'new')
    assert.deepEqual(
      Object.keys(fresh).filter((name) => ['save', 'regenerate'].includes(name)),
      [],
    )
  })
})
