import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, mock, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import {
  ConfigurationError,
  InvalidTokenError,
  memoryStore,
  SessionEndedError,
  type SharedStore,
  type Tokens,
  UnavailableError,
  UserPool,
} from '../../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../../src/local/index.ts'
import type { HeldTokens } from '../../../src/user-pool/sign-in-handle.ts'
import { gate } from '../../support/gate.ts'
import {
  bound,
  deaf,
  type Engine,
  failing,
  memoryEngine,
  poolOn,
  redisEngine,
  sealingKey,
} from '../../support/processes.ts'
import { noRedis } from '../../support/redis.ts'
import { ana, signIn } from '../sign-in.ts'

const ben = { ...ana, username: 'ben', email: 'ben@example.com' }
const engines = [
  { name: 'memory', start: memoryEngine, skip: false },
  { name: 'Redis', start: redisEngine, skip: noRedis },
] as const

/** As a session keeps them. */
function held(tokens: Tokens): HeldTokens {
  return JSON.parse(JSON.stringify(tokens)) as HeldTokens
}

/** What a request of a signed-in browser does. */
async function request(pool: UserPool, session: HeldTokens) {
  const tokens = await pool.signIns.find(session)
  assert.ok(tokens)
  return (await pool.signIns.current(tokens)).tokens
}

const expire = () => mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })

for (const { name, start, skip } of engines) {
  describe(`sign-ins shared through ${name}`, { skip }, () => {
    let local: LocalCognito
    let engine: Engine
    let a: UserPool
    let b: UserPool
    const pools: UserPool[] = []

    before(async () => {
      engine = await start()
      local = await startLocalCognito({
        users: [ana, ben],
        clients: [{ refreshTokenRotation: { retryGracePeriodSeconds: 0 } }],
      })
    })
    after(async () => {
      await local.close()
      await engine.close()
    })
    beforeEach(async () => {
      ;[a, b] = await Promise.all([pool(), pool()])
      local.requests.clear()
    })
    afterEach(async () => {
      mock.timers.reset()
      await Promise.all(pools.splice(0).map((one) => one.close()))
    })
    async function pool(wrap?: (store: SharedStore) => SharedStore, more: object = {}): Promise<UserPool> {
      const one = await poolOn(engine, { ...local.userPool, ...more }, wrap)
      pools.push(one)
      return one
    }
    const tokenCalls = () => local.requests.count('token')
    const recordKeys = async () =>
      [...(await engine.values()).keys()].filter((key) => /^sign-in:[^:]*$/.test(key))
    async function signedIn(on = a, who = ana): Promise<HeldTokens> {
      const { tokens } = await signIn(on, who)
      local.requests.clear()
      return held(tokens)
    }
    /** Where the record of a sign-in that is made meanwhile is kept. */
    async function keyOf(signingIn: () => Promise<HeldTokens>): Promise<[HeldTokens, string]> {
      const before = new Set(await recordKeys())
      const session = await signingIn()
      const [key = ''] = (await recordKeys()).filter((one) => !before.has(one))
      return [session, key]
    }

    test('a session holds the handle alone, and every process finds the tokens', async () => {
      const user = await signIn(a)
      assert.ok(user.tokens.idToken && user.tokens.refreshToken)
      const session = JSON.stringify(user)
      assert.doesNotMatch(session, /eyJ/)
      assert.ok(!session.includes(user.tokens.refreshToken))
      const found = await request(b, held(user.tokens))
      assert.deepEqual({ ...found }, { ...user.tokens })
      assert.equal(JSON.stringify(found), JSON.stringify(user.tokens), 'the session stays as it is')
    })

    test('RF-02 MP-01 a hundred requests in four processes that find the tokens expired refresh once', async () => {
      const processes = [a, b, await pool(), await pool()]
      const session = await signedIn()
      await Promise.all(processes.map((one) => request(one, session)))
      local.requests.clear()
      expire()
      const all = await Promise.all(
        Array.from({ length: 100 }, (_, i) => request(processes[i % 4] ?? a, session)),
      )
      assert.equal(tokenCalls(), 1)
      assert.equal(new Set(all.map((tokens) => tokens.accessToken)).size, 1)
      assert.equal(new Set(all.map((tokens) => tokens.refreshToken)).size, 1)
    })

    test('RF-04 the refresh token that a rotation brought is used next, whichever process does', async () => {
      const session = await signedIn()
      const seen = new Set<string | undefined>()
      for (const process of [a, b, a, b]) {
        mock.timers.reset()
        mock.timers.enable({ apis: ['Date'], now: Date.now() + seen.size * 3_700_000 })
        seen.add((await request(process, session)).refreshToken)
      }
      assert.equal(seen.size, 4)
    })

    test('LO-10 who signs out in one process is signed out in all of them, bearer tokens too', async () => {
      const session = await signedIn()
      const { accessToken, idToken } = await request(b, session)
      await b.verify(accessToken, { tokenUse: 'access' })
      await a.signIns.end(await request(a, session))
      const until = Date.now() + 2_000
      while (!b.signIns.hasEnded(session) && Date.now() < until) await wait(10)
      await assert.rejects(async () => request(b, session), SessionEndedError)
      for (const process of [a, b, await pool()]) {
        await assert.rejects(process.verify(accessToken, { tokenUse: 'access' }), InvalidTokenError)
        await assert.rejects(process.verify(idToken, { tokenUse: 'id' }), InvalidTokenError)
        await assert.rejects(async () => request(process, session), SessionEndedError)
      }
      assert.equal(tokenCalls(), 0)
    })

    test('SE-11 what a process read before a refresh does not bring old tokens back', async () => {
      const session = await signedIn()
      const old = await request(a, session)
      expire()
      const renewed = await request(b, session)
      assert.deepEqual((await a.signIns.current(old)).tokens.idToken, renewed.idToken)
      assert.equal((await request(await pool(), session)).refreshToken, renewed.refreshToken)
      assert.equal(tokenCalls(), 1)
    })

    for (const ears of ['hears of it', 'does not hear of it']) {
      test(`LO-07 who signs out in one process while another, which ${ears}, refreshes stays signed out, and the new refresh token is revoked`, async () => {
        const answered = gate()
        const slow = await pool(ears === 'hears of it' ? undefined : deaf, {
          fetch: afterTokens(() => answered.pass()),
        })
        const [session, key] = await keyOf(signedIn)
        expire()
        const refreshing = request(slow, session)
        await answered.reached
        await a.signIns.end((await a.signIns.find(session)) ?? session)
        answered.open()
        await assert.rejects(refreshing, SessionEndedError)
        assert.equal(local.requests.count('revoke'), 1)
        await assert.rejects(async () => request(await pool(), session), SessionEndedError)
        const kept = (await engine.values()).get(key) ?? ''
        assert.ok(kept.length < 100, 'the note that it has ended, and no tokens')
      })
    }

    test('LO-07 who signs out in one process while another is saving what it has verified stays signed out, and the new refresh token is revoked', async () => {
      const saving = gate()
      const slow = await pool((store) => savingAfter(() => saving.pass(), deaf(store)))
      const session = await signedIn()
      await request(slow, session)
      expire()
      const refreshing = request(slow, session)
      await saving.reached
      await a.signIns.end((await a.signIns.find(session)) ?? session)
      saving.open()
      await assert.rejects(refreshing, SessionEndedError)
      assert.equal(local.requests.count('revoke'), 1)
    })

    test('a user signs out everywhere else, and stays signed in here', async () => {
      const here = await signedIn()
      await a.endOtherSignIns(await request(a, here))
      const [phone, tablet, bens] = [await signedIn(b), await signedIn(a), await signedIn(a, ben)]
      const bearer = (await request(b, tablet)).accessToken
      assert.equal(await a.endOtherSignIns(await request(a, here)), 2)
      for (const process of [a, b, await pool()]) {
        await assert.rejects(async () => request(process, phone), SessionEndedError)
        await assert.rejects(async () => request(process, tablet), SessionEndedError)
        await assert.rejects(process.verify(bearer, { tokenUse: 'access' }), InvalidTokenError)
        assert.ok(await request(process, here))
        assert.ok(await request(process, bens))
      }
      assert.equal(local.requests.count('revoke'), 2)
      assert.equal(await b.endOtherSignIns(await request(b, here)), 0)
      const alone = new UserPool(local.userPool)
      await assert.rejects(alone.endOtherSignIns((await signIn(alone)).tokens), ConfigurationError)
    })

    test('of many sign-ins of one user at once, each is kept and found', async () => {
      const sessions = await Promise.all(Array.from({ length: 12 }, (_, i) => signedIn(i % 2 === 0 ? a : b)))
      const [first = assert.fail()] = sessions
      await a.endOtherSignIns(await request(a, first))
      for (const one of sessions.slice(1))
        await assert.rejects(async () => request(b, one), SessionEndedError)
      assert.ok(await request(b, first))
    })

    test('RF-06 what Cognito refuses ends the sign-in in every process, after one call', async () => {
      const session = await signedIn()
      await request(b, session)
      await a.revoke(await request(a, session))
      expire()
      await assert.rejects(request(a, session), SessionEndedError)
      await assert.rejects(async () => request(b, session), SessionEndedError)
      await assert.rejects(async () => request(await pool(), session), SessionEndedError)
      assert.equal(tokenCalls(), 1)
    })

    test('a fault of Cognito ends nobody’s sign-in', async () => {
      const session = await signedIn()
      expire()
      const heal = local.fail('token', { status: 500 })
      await assert.rejects(request(a, session), UnavailableError)
      await assert.rejects(request(b, session), UnavailableError)
      heal()
      assert.ok((await request(await pool(), session)).accessToken)
    })

    test('MP-07 a process that is paused before it refreshes neither spends nor writes anything any more', async () => {
      const lock = gate()
      const paused = await pool((store) => ({
        ...bound(store),
        async set(key, value, options) {
          const set = await store.set(key, value, options)
          if (key.endsWith(':refreshing')) await lock.pass()
          return set
        },
      }))
      const session = await signedIn()
      expire()
      // The store's own limit ends the wait of the paused one; whoever waits longer is `b`.
      const first = request(paused, session).catch((error: unknown) => error)
      await lock.reached
      const second = await request(b, session)
      lock.open()
      const outcome = await first
      if (!(outcome instanceof UnavailableError)) assert.equal((outcome as Tokens).idToken, second.idToken)
      assert.equal((await request(await pool(), session)).refreshToken, second.refreshToken)
      assert.equal(tokenCalls(), 1)
    })

    test('MP-07 RF-14 a process that is paused after Cognito has answered costs the others a 503, and nobody the sign-in', async () => {
      const answered = gate()
      const paused = await pool(undefined, {
        timeoutMs: 30_000,
        fetch: afterTokens(() => answered.pass()),
      })
      const session = await signedIn()
      expire()
      const first = request(paused, session)
      await answered.reached
      const started = performance.now()
      await assert.rejects(request(b, session), UnavailableError)
      assert.ok(performance.now() - started < 9_000)
      answered.open()
      const tokens = await first
      assert.equal((await request(await pool(), session)).refreshToken, tokens.refreshToken)
      await wait(1_000)
      assert.equal((await request(b, session)).refreshToken, tokens.refreshToken)
    })

    test('MP-07 a process that is overtaken, and refused before the other one has written down what it got, ends nothing', async () => {
      const [asks, answered] = [gate(), gate()]
      const slow = await pool(undefined, {
        timeoutMs: 30_000,
        fetch: beforeTokens(() => asks.pass()),
      })
      const overtaking = await pool(undefined, {
        timeoutMs: 30_000,
        fetch: afterTokens(() => answered.pass()),
      })
      const session = await signedIn()
      expire()
      const first = request(slow, session)
      await asks.reached
      const second = request(overtaking, session)
      await answered.reached
      asks.open()
      await assert.rejects(first, UnavailableError)
      answered.open()
      const { refreshToken } = await second
      assert.equal((await request(await pool(), session)).refreshToken, refreshToken)
      assert.equal(tokenCalls(), 2)
    })

    test('MP-08 a process that died with the lock holds the others up for five seconds at most', async () => {
      const session = await signedIn()
      const dead = await pool((store) => ({
        ...bound(store),
        // It takes the lock and is never heard of again.
        set: (key, value, options) =>
          key.endsWith(':lock') ? store.set(key, value, options) : new Promise(() => undefined),
        delete: () => new Promise(() => undefined),
      }))
      expire()
      void request(dead, session).catch(() => undefined)
      await wait(300)
      const started = performance.now()
      assert.ok((await request(b, session)).accessToken)
      assert.ok(performance.now() - started < 6_000)
      assert.equal(tokenCalls(), 1)
    })

    test('while the store is away known sign-ins go on, expired ones and strangers get a 503, and all is well afterwards', async () => {
      let away = false
      const flaky = await pool((store) => failing(store, () => away))
      const session = await signedIn(flaky)
      const other = await signedIn(a, ben)
      away = true
      assert.ok((await request(flaky, session)).accessToken)
      await assert.rejects(async () => request(flaky, other), UnavailableError)
      expire()
      await assert.rejects(async () => request(flaky, session), UnavailableError)
      assert.equal(tokenCalls(), 0)
      away = false
      await wait(600)
      mock.timers.tick(1_100)
      assert.ok((await request(flaky, session)).accessToken)
      assert.equal(tokenCalls(), 1)
      assert.ok((await request(flaky, other)).accessToken)
    })

    test('tokens that could not be saved are saved when the store is back', async () => {
      let away = false
      const flaky = await pool((store) => failing(store, () => away), {
        fetch: afterTokens(() => (away = true)),
      })
      const session = await signedIn(a)
      await request(flaky, session)
      expire()
      local.requests.clear()
      const tokens = await request(flaky, session)
      assert.equal((await request(flaky, session)).accessToken, tokens.accessToken)
      // The others cannot know yet, and do not take Cognito's word for it.
      await assert.rejects(request(b, session), UnavailableError)
      away = false
      await wait(1_500)
      assert.equal((await request(b, session)).refreshToken, tokens.refreshToken)
      assert.equal((await request(flaky, session)).refreshToken, tokens.refreshToken)
    })

    test('RF-09 tokens that could not be verified are verified by whoever comes next', async () => {
      const session = await signedIn()
      const blind = await pool(undefined, {
        fetch: (url: string, init: RequestInit) =>
          url.endsWith('jwks.json') ? Promise.reject(new Error('away')) : fetch(url, init),
      })
      expire()
      await assert.rejects(request(blind, session), UnavailableError)
      assert.equal(tokenCalls(), 0, 'tokens that cannot be verified are not refreshed')
      const renewed = await request(b, session)
      assert.equal(tokenCalls(), 1)
      assert.equal((await request(await pool(), session)).idToken, renewed.idToken)
    })

    test('RF-09 LO-10 tokens that could not be verified are revoked when the user signs out in another process', async () => {
      let hookIsDown = false
      const unsure = await pool(undefined, {
        fetch: afterTokens(() => (hookIsDown = true)),
        isRevoked: () => (hookIsDown ? Promise.reject(new Error('The database is away.')) : false),
      })
      const session = await signedIn()
      expire()
      await assert.rejects(request(unsure, session), UnavailableError)
      assert.equal(tokenCalls(), 1)
      const other = await pool()
      const found = await other.signIns.find(session)
      assert.ok(found)
      await other.signIns.end(found)
      for (let tries = 0; tries < 50 && local.requests.count('revoke') === 0; tries += 1) await wait(20)
      assert.equal(local.requests.count('revoke'), 1)
    })

    test('LO-10 who signs out in a process that has not verified their tokens is denied with them too', async () => {
      const session = await signedIn()
      const { accessToken } = await request(b, session)
      const other = await pool()
      const found = await other.signIns.find(session)
      assert.ok(found)
      await other.signIns.end(found)
      await assert.rejects((await pool()).verify(accessToken, { tokenUse: 'access' }), InvalidTokenError)
    })

    test('who signs out while the store is away is not brought back by tokens that were to be saved', async () => {
      let away = false
      const flaky = await pool((store) => failing(store, () => away), {
        fetch: afterTokens(() => (away = true)),
      })
      const session = await signedIn(a)
      await request(flaky, session)
      expire()
      const tokens = await request(flaky, session)
      await assert.rejects(flaky.signIns.end(tokens), UnavailableError)
      away = false
      await wait(1_500)
      assert.equal(local.requests.count('revoke'), 1, 'nobody else has these tokens')
      for (const process of [flaky, b, await pool()]) {
        await assert.rejects(async () => request(process, session), SessionEndedError)
        await assert.rejects(process.verify(tokens.accessToken, { tokenUse: 'access' }), InvalidTokenError)
      }
    })

    test('LO-10 a sign-out that the store was not told of is told when it is back', async () => {
      let away = false
      const flaky = await pool((store) => failing(store, () => away))
      const session = await signedIn(flaky)
      const { accessToken } = await request(b, session)
      away = true
      await assert.rejects(flaky.signIns.end(await request(flaky, session)), UnavailableError)
      assert.ok(await b.verify(accessToken, { tokenUse: 'access' }))
      away = false
      await wait(1_500)
      await assert.rejects(async () => request(b, session), SessionEndedError)
      await assert.rejects(b.verify(accessToken, { tokenUse: 'access' }), InvalidTokenError)
    })

    test('RF-14 a refresh that is slower than its lock does not end what a faster process is saving', async () => {
      const [slowly, saving] = [gate(), gate()]
      const slow = await pool(undefined, {
        timeoutMs: 30_000,
        fetch: beforeTokens(() => slowly.pass()),
      })
      const fast = await pool((store) => savingAfter(() => saving.pass(), store))
      const session = await signedIn()
      await request(fast, session)
      expire()
      const first = request(slow, session).catch((error: unknown) => error)
      await slowly.reached
      const second = request(fast, session)
      await saving.reached
      slowly.open()
      assert.ok((await first) instanceof UnavailableError)
      saving.open()
      const { refreshToken } = await second
      assert.equal((await request(await pool(), session)).refreshToken, refreshToken)
    })

    test('SE-11 a store that loses its last write does not bring old tokens back', async () => {
      const [session, key] = await keyOf(signedIn)
      await request(a, session)
      const old = (await engine.values()).get(key) ?? ''
      expire()
      const renewed = await request(a, session)
      await engine.set(key, old)
      mock.timers.tick(3_700_000)
      const tokens = await request(a, session).catch(async () => {
        await wait(1_500)
        mock.timers.tick(1_100)
        return request(a, session)
      })
      assert.notEqual(tokens.refreshToken, renewed.refreshToken)
      assert.equal((await request(await pool(), session)).refreshToken, tokens.refreshToken)
    })

    test('a record that the store has lost is kept again by a process that has just seen it', async () => {
      const [session, key] = await keyOf(signedIn)
      await request(a, session)
      await (await engine.store()).delete(key)
      a.signIns.isLatest(await request(a, session))
      const now = performance.now()
      const clock = mock.method(performance, 'now', () => now + 61_000)
      assert.ok(await request(a, session))
      clock.mock.restore()
      await wait(1_000)
      assert.ok(await request(await pool(), session))
    })

    test('RF-02 whole tokens of a session from before there was a store are refreshed once too', async () => {
      const alone = new UserPool(local.userPool)
      const { tokens } = await signIn(alone)
      local.requests.clear()
      expire()
      const processes = [a, b, await pool()]
      const all = await Promise.all(
        Array.from({ length: 12 }, async (_, i) => {
          const process = processes[i % 3] ?? a
          return request(process, await process.signIns.share({ ...tokens }))
        }),
      )
      assert.equal(tokenCalls(), 1)
      assert.equal(new Set(all.map(({ refreshToken }) => refreshToken)).size, 1)
    })

    test('refreshed tokens that are made a user again are the same sign-in', async () => {
      const user = await signIn(a)
      const refreshed = await a.refresh(user.tokens)
      assert.notEqual(refreshed.tokens.refreshToken, user.tokens.refreshToken)
      const again = await b.user(refreshed.tokens)
      assert.equal(JSON.stringify(again.tokens), JSON.stringify(user.tokens))
    })

    test('what one process knows as the latest is not, once another has refreshed', async () => {
      const session = await signedIn()
      const old = await request(a, session)
      assert.equal(a.signIns.isLatest(old), true)
      expire()
      const renewed = await request(b, session)
      await request(a, session)
      assert.equal(a.signIns.isLatest(old), false)
      assert.equal(a.signIns.isLatest(renewed), true)
      assert.equal(a.signIns.refreshedAt(renewed), Date.now())
    })

    test('a user has a hundred sign-ins at most: the oldest ends, so that all can be ended from elsewhere', async () => {
      const oldest = await signedIn(a, ben)
      const { signIn: _, ...tokens } = (await signIn(b, ben)).tokens
      for (let i = 0; i < 100; i += 1)
        await b.signIns.keep({ ...tokens, refreshToken: `made up ${i}` }, subOf(tokens))
      await assert.rejects(async () => request(await pool(), oldest), SessionEndedError)
    })

    test('MP-02 nothing that is kept can be read or says whose it is', async () => {
      const user = await signIn(a)
      const kept = JSON.stringify([...(await engine.values())])
      const { idToken, accessToken, refreshToken = '' } = user.tokens
      assert.doesNotMatch(kept, /eyJ[\w-]*\./)
      for (const secret of [
        idToken,
        accessToken,
        refreshToken,
        user.sub,
        user.email ?? '',
        local.userPool.clientId,
        local.userPool.userPoolId,
      ])
        assert.ok(!kept.includes(secret), secret)
    })

    test('MP-04 keys are rotated as a ring; a process with another key signs nobody out', async () => {
      const session = await signedIn()
      const next = 'the next sealing key, which is also long enough'
      const both = await pool(undefined, { sealingKey: [next, sealingKey] })
      assert.ok((await request(both, session)).accessToken)
      const other = await pool(undefined, { sealingKey: next })
      await assert.rejects(async () => other.signIns.find(session), UnavailableError)
      assert.equal(other.signIns.hasEnded(session), false)
      assert.ok((await request(b, session)).accessToken)
      const sealedWithNext = await signedIn(both)
      assert.ok((await request(other, sealedWithNext)).accessToken)
      await assert.rejects(async () => b.signIns.find(sealedWithNext), UnavailableError)
    })

    test('MP-05 MP-15 what is no record of this version is nobody, and is left alone', async () => {
      const [session, key] = await keyOf(signedIn)
      const fresh = async () => (await pool()).signIns.find(session)
      const real = (await engine.values()).get(key) ?? ''
      for (const value of ['', '{}', '1.short', '\0\x01', 'x'.repeat(10_000_000)]) {
        await engine.set(key, value)
        assert.equal(await fresh(), undefined)
        assert.equal((await engine.values()).get(key), value)
      }
      // Another process may be able to open it: nobody is sent to sign in.
      for (const value of [real.slice(0, -3), `2.${real.slice(2)}`]) {
        await engine.set(key, value)
        await assert.rejects(fresh, UnavailableError)
        assert.equal((await engine.values()).get(key), value)
      }
      await engine.set(key, real)
      assert.ok(await fresh())
    })

    test('a record that was copied to another sign-in, or another user’s session, does not open', async () => {
      const [anas, first] = await keyOf(signedIn)
      const [bens, second] = await keyOf(() => signedIn(a, ben))
      assert.ok('signIn' in anas && anas.signIn && 'signIn' in bens && bens.signIn)
      const stolen = { signIn: { ...anas.signIn, sub: bens.signIn.sub } }
      for (const process of [a, await pool()])
        await assert.rejects(async () => process.signIns.find(stolen), UnavailableError)
      await engine.set(first, (await engine.values()).get(second) ?? '')
      await assert.rejects(async () => (await pool()).signIns.find(anas), UnavailableError)
      assert.ok(await (await pool()).signIns.find(bens))
    })

    test('MP-13 another pool or app client on the same store sees nothing of it', async () => {
      const session = await signedIn()
      const other = await pool(undefined, { clientId: 'another1', clientSecret: undefined })
      assert.equal(other.signIns.owns(session), false)
      assert.ok('signIn' in session && session.signIn)
      await assert.rejects(
        async () => other.signIns.find({ signIn: { ...session.signIn, clientId: 'another1' } } as HeldTokens),
        SessionEndedError,
      )
    })

    test('MP-14 an end whose message is lost is noticed within a minute', async (t) => {
      const unheard = await pool(deaf)
      const session = await signedIn()
      const { accessToken } = await request(unheard, session)
      await unheard.verify(accessToken, { tokenUse: 'access' })
      await a.signIns.end(await request(a, session))
      assert.ok((await request(unheard, session)).accessToken)
      const now = performance.now()
      t.mock.method(performance, 'now', () => now + 60_001)
      await assert.rejects(async () => request(unheard, session), SessionEndedError)
      await assert.rejects(unheard.verify(accessToken, { tokenUse: 'access' }), InvalidTokenError)
    })

    test('a pool that was closed has written what it knew, and may be closed twice', async () => {
      const session = await signedIn()
      expire()
      const refreshing = request(a, session)
      await wait(5)
      await a.close()
      await a.close()
      const tokens = await refreshing
      assert.equal((await request(b, session)).refreshToken, tokens.refreshToken)
      assert.equal(tokenCalls(), 1)
    })
  })
}

test('a store needs a sealing key, and must be one', () => {
  const options = { userPoolId: 'eu-west-1_AbCdEf123', clientId: '4ifa83b1k2example9c0d1e2f3' }
  assert.throws(() => new UserPool({ ...options, store: memoryStore() }), /"sealingKey"/)
  for (const store of [null, {}, 'redis://127.0.0.1', { ...bound(memoryStore()), get: undefined }])
    assert.throws(() => new UserPool({ ...options, sealingKey, store } as never), ConfigurationError)
  for (const refreshTokenValidityDays of [0, -1, 3_651, Number.NaN, '30'])
    assert.throws(
      () => new UserPool({ ...options, refreshTokenValidityDays } as never),
      /"refreshTokenValidityDays"/,
    )
})

/** A `fetch` with something to do between Cognito's answer at the token endpoint and whoever asked. */
function afterTokens(then: () => unknown) {
  return async (url: string, init: RequestInit) => {
    const response = await fetch(url, init)
    if (url.endsWith('/oauth2/token')) await then()
    return response
  }
}

/** The same, before Cognito is asked. */
function beforeTokens(first: () => unknown) {
  return async (url: string, init: RequestInit) => {
    if (url.endsWith('/oauth2/token')) await first()
    return fetch(url, init)
  }
}

function subOf({ idToken }: Tokens): string {
  return (JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub
}

/** Keeps new tokens of a sign-in later: after Cognito has answered. */
function savingAfter(first: () => Promise<void>, store: SharedStore): SharedStore {
  return {
    ...bound(store),
    async set(key, value, options) {
      if (/^sign-in:[^:]*$/.test(key) && typeof options.expected === 'string') await first()
      return store.set(key, value, options)
    },
  }
}
