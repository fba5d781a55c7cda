import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Gate, gate } from '../support/gate.ts'
import { noRedis } from '../support/redis.ts'
import { type Fleet, startFleet } from './fleet.ts'
import type { Member } from './member.ts'
import { Visitor } from './visitor.ts'
import type { WireRequest } from './wire.ts'

/** A refresh takes its lock for so long, a fetch of credentials for half of it. */
const LOCK_MS = 5_000
const users = Array.from({ length: 120 }, (_, index) => ({
  username: `user-${index}`,
  password: 'Passw0rd!',
}))

const isRefresh = ({ operation, body }: WireRequest) =>
  operation === '/oauth2/token' && body.includes('grant_type=refresh_token')
const isFetch = ({ operation }: WireRequest) => operation === 'GetCredentialsForIdentity'

/** Holds the next request of a kind on the wire of a process, before Cognito hears of it or after it has answered. */
function hold(member: Member, when: 'before' | 'after', isMeant: (request: WireRequest) => boolean) {
  const held = gate()
  member.wire[when] = async (request: WireRequest) => {
    if (isMeant(request)) await held.pass()
    return undefined
  }
  return held
}

const statuses = (answers: readonly Response[]) => [...new Set(answers.map(({ status }) => status))]

describe('four processes behind a proxy', { skip: noRedis }, () => {
  let fleet: Fleet
  let a: Member
  let b: Member
  let next = 0
  before(async () => {
    fleet = await startFleet({ users })
    ;[a, b] = fleet.members as [Member, Member]
  })
  after(() => fleet.close())
  afterEach(restore)

  /** The fleet as it was: a test that has failed leaves the next one nothing of its own. */
  async function restore(): Promise<void> {
    for (const member of fleet.members) {
      member.wire.before = member.wire.after = undefined
      if (!member.isAlive) await fleet.restart(member)
    }
  }

  /**
   * A test of what happens while Redis answers. On a machine that stood still for longer than a process waits for Redis, each
   * goes on by itself, as it must: then the test is run again.
   */
  function whileRedisAnswers(name: string, body: () => Promise<void>): void {
    test(name, async (t) => {
      for (let attempt = 1; ; attempt += 1) {
        const failures = await storeFailures()
        try {
          return await body()
        } catch (error) {
          const later = await storeFailures()
          const hasFailed = later.some((count, at) => count > (failures[at] ?? 0))
          if (attempt === 3 || !hasFailed) throw error
          t.diagnostic(`Redis did not answer in time, so once more: ${String(error)}`)
          await restore()
        }
      }
    })
  }
  /** Of those that no test stops: who was stopped finds that Redis has answered too late. */
  const storeFailures = () =>
    Promise.all(fleet.members.slice(1).map((member) => member.ask({ type: 'storeFailures' })))

  const refreshes = () => fleet.local.requests.count('token')
  const fetches = () => fleet.local.requests.count('GetCredentialsForIdentity')
  async function signedIn(): Promise<Visitor> {
    const visitor = new Visitor(fleet)
    const answer = await visitor.signIn(users[(next += 1)] as (typeof users)[0])
    assert.equal(answer.status, 303)
    fleet.local.requests.clear()
    return visitor
  }
  /** One whose tokens have expired. */
  async function expired(): Promise<Visitor> {
    const visitor = await signedIn()
    await fleet.advance(3_700)
    return visitor
  }
  /** What every process says of a visitor. */
  const everywhere = (ask: (url: string) => Promise<Response>) =>
    Promise.all(fleet.members.map(({ url }) => ask(url)))

  whileRedisAnswers(
    'RF-02 MP-01 a hundred requests on one expired sign-in are a hundred answers and one refresh',
    async () => {
      const visitor = await expired()
      const answers = await Promise.all(Array.from({ length: 100 }, () => visitor.get('/account')))
      assert.deepEqual(statuses(answers), [200])
      assert.equal(new Set(answers.map(({ headers }) => headers.get('x-process'))).size, 4)
      assert.equal(refreshes(), 1)
    },
  )

  whileRedisAnswers(
    'MP-01 fifty asks for credentials in each process are one fetch, and all get the same',
    async () => {
      const visitor = await signedIn()
      const answers = await Promise.all(Array.from({ length: 200 }, () => visitor.get('/credentials')))
      assert.deepEqual(statuses(answers), [200])
      assert.equal(new Set(answers.map(({ headers }) => headers.get('x-process'))).size, 4)
      const bodies = await Promise.all(answers.map((one) => one.json() as Promise<{ accessKeyId: string }>))
      assert.equal(new Set(bodies.map(({ accessKeyId }) => accessKeyId)).size, 1)
      assert.deepEqual([fleet.local.requests.count('GetId'), fetches()], [1, 1])
    },
  )

  whileRedisAnswers(
    'MP-07 a process that stands still before Cognito hears of its refresh is overtaken, and adopts what another got',
    async () => {
      const visitor = await expired()
      const held = hold(a, 'before', isRefresh)
      const first = visitor.get('/account', a.url)
      await held.reached
      a.signal('SIGSTOP')
      await wait(LOCK_MS)
      assert.equal((await visitor.get('/account', b.url)).status, 200)
      const { refreshToken } = await tokensOf(visitor, b)
      await goOn(a, held)
      // Its connections may have been given up meanwhile.
      assert.ok([200, 503].includes((await first).status))
      await wait(1_100) // for which a 503 is given again
      assert.deepEqual(statuses(await everywhere((url) => visitor.get('/account', url))), [200])
      assert.equal((await tokensOf(visitor, a)).refreshToken, refreshToken)
      // The one that came late was refused, and nobody believed it.
      assert.equal(refreshes(), 2)
    },
  )

  whileRedisAnswers(
    'MP-07 a process that stands still after Cognito has answered costs the others a 503, and nobody the sign-in',
    async () => {
      const visitor = await expired()
      const held = hold(a, 'after', isRefresh)
      const first = visitor.get('/account', a.url)
      await held.reached
      a.signal('SIGSTOP')
      await wait(LOCK_MS)
      const meanwhile = await visitor.get('/account', b.url)
      assert.equal(meanwhile.status, 503)
      assert.match(meanwhile.headers.get('retry-after') ?? '', /^\d+$/)
      await goOn(a, held)
      assert.equal((await first).status, 200)
      await wait(1_100) // for which the 503 is given again
      assert.deepEqual(statuses(await everywhere((url) => visitor.get('/account', url))), [200])
      assert.equal(refreshes(), 2)
    },
  )

  whileRedisAnswers('MP-07 credentials that a process brings late replace nothing', async () => {
    const visitor = await signedIn()
    const held = hold(a, 'after', isFetch)
    const first = visitor.get('/credentials', a.url)
    await held.reached
    a.signal('SIGSTOP')
    const { accessKeyId } = await credentialsOf(visitor, b)
    await goOn(a, held)
    assert.equal((await first).status, 200)
    assert.equal(fetches(), 2)
    for (const member of fleet.members.slice(1))
      assert.equal((await credentialsOf(visitor, member)).accessKeyId, accessKeyId)
    assert.equal(fetches(), 2)
  })

  whileRedisAnswers(
    'MP-08 a process that is killed during a refresh holds the others up until its lock ends',
    async () => {
      const visitor = await expired()
      const held = hold(a, 'before', isRefresh)
      const lost = visitor.get('/account', a.url).catch(() => 'lost')
      await held.reached
      const others = fleet.members.slice(1).map(({ url }) => visitor.get('/account', url))
      await a.kill()
      assert.equal(await lost, 'lost')
      assert.deepEqual(statuses(await Promise.all(others)), [200])
      held.open()
      assert.equal(refreshes(), 1)
      await fleet.restart(a)
      assert.equal((await visitor.get('/account', a.url)).status, 200)
    },
  )

  whileRedisAnswers(
    'MP-08 a process that is killed while it fetches credentials costs one fetch more',
    async () => {
      const visitor = await signedIn()
      const held = hold(a, 'after', isFetch)
      const lost = visitor.get('/credentials', a.url).catch(() => 'lost')
      await held.reached
      const others = fleet.members.slice(1).map(({ url }) => visitor.get('/credentials', url))
      await a.kill()
      assert.equal(await lost, 'lost')
      assert.deepEqual(statuses(await Promise.all(others)), [200])
      assert.equal(fetches(), 2)
      held.open()
      await fleet.restart(a)
      assert.equal((await visitor.get('/credentials', a.url)).status, 200)
      assert.equal(fetches(), 2)
    },
  )

  whileRedisAnswers(
    'LO-10 who signs out in one process is nobody in all of them within two seconds, with a bearer token too',
    async () => {
      const visitor = await signedIn()
      const { accessToken } = await tokensOf(visitor, b)
      const asApi = (url: string) => visitor.api(accessToken, url)
      const asBrowser = (url: string) => visitor.get('/account', url)
      for (const ask of [asApi, asBrowser]) assert.deepEqual(statuses(await everywhere(ask)), [200])
      // What a thief of the cookie has: signing out takes the visitor's own away.
      const thief = new Visitor(fleet)
      thief.jar.store(new URL(fleet.url), [visitor.jar.header(new URL(fleet.url))])
      assert.equal((await visitor.post('/logout', a.url)).status, 303)
      const until = Date.now() + 2_000
      const asThief = (url: string) => thief.get('/account', url)
      let last: number[]
      do {
        last = statuses([...(await everywhere(asApi)), ...(await everywhere(asThief))])
      } while (last.join() !== '401' && Date.now() < until)
      assert.deepEqual(last, [401])
      assert.equal(refreshes(), 0)
    },
  )

  test('LO-08 while Redis is away nobody is let in and nobody is signed out, and all is well when it is back', async () => {
    const [visitor, other] = [await signedIn(), await signedIn()]
    const { accessToken } = await tokensOf(visitor, b)
    const met = new Set(visitor.met)
    await fleet.redis.kill()
    for (const answer of await everywhere((url) => visitor.get('/account', url)))
      assert.equal(answer.status, 503)
    for (const answer of await everywhere((url) => other.post('/logout', url))) {
      assert.equal(answer.status, 503)
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
    }
    // Whether the sign-in of a token has ended can be told only where it was looked up before.
    const others = fleet.members.filter(({ pid }) => !met.has(pid ?? 0))
    assert.ok(others.length > 0)
    for (const { url } of others) assert.equal((await visitor.api(accessToken, url)).status, 503)
    await fleet.redis.start()
    await back(visitor)
    assert.deepEqual(statuses(await everywhere((url) => visitor.get('/account', url))), [200])
    assert.deepEqual(statuses(await everywhere((url) => other.get('/account', url))), [200])
    assert.equal((await other.post('/logout')).status, 303)
    assert.deepEqual(statuses(await everywhere((url) => other.get('/account', url))), [401])
    assert.equal(fleet.local.requests.count('revoke'), 1)
  })

  whileRedisAnswers(
    'FL-04 a process that is told to end answers all that has come in, loses no refresh, and ends by itself',
    async () => {
      const visitors = await Promise.all(Array.from({ length: 10 }, signedIn))
      await fleet.advance(3_700)
      fleet.local.requests.clear()
      const held = hold(a, 'before', isRefresh)
      const answers = visitors.flatMap((visitor) =>
        Array.from({ length: 10 }, () => visitor.get('/account', a.url)),
      )
      while ((await a.ask({ type: 'inFlight' })) < 100) await wait(10)
      a.signal('SIGTERM')
      // What comes from now on is refused there, and goes elsewhere.
      while (await fetch(a.url).then(Boolean, () => false)) await wait(10)
      held.open()
      assert.deepEqual(statuses(await Promise.all(answers)), [200])
      assert.deepEqual(await a.ended, { code: 0, signal: null })
      assert.equal(refreshes(), 10)
      for (const visitor of visitors) assert.equal((await visitor.get('/account')).status, 200)
      assert.equal(refreshes(), 10)
      await fleet.restart(a)
    },
  )
})

async function tokensOf(visitor: Visitor, { url }: Member) {
  const answer = await visitor.get('/tokens', url)
  assert.equal(answer.status, 200)
  return (await answer.json()) as { accessToken: string; refreshToken: string }
}

async function credentialsOf(visitor: Visitor, { url }: Member) {
  const answer = await visitor.get('/credentials', url)
  assert.equal(answer.status, 200)
  return (await answer.json()) as { identityId: string; accessKeyId: string }
}

/** First the answer arrives, then the process wakes up. */
async function goOn(member: Member, held: Gate): Promise<void> {
  held.open()
  await wait(200)
  member.signal('SIGCONT')
}

/** Until every process has found its way back. */
async function back(visitor: Visitor): Promise<void> {
  for (let good = 0; good < 12;) good = (await visitor.get('/account')).status === 200 ? good + 1 : 0
}
