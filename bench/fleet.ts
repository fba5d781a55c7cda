// Several processes of one app with a shared store, and every process by itself, all in one run; sessions are in Redis either way:
// npm run bench:fleet -- [--rounds 3] [--seconds 3] [--users 1000] [--json bench/results/fleet.json]
import { Agent, request } from 'node:http'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type Fleet, startFleet } from '../test/fleet/fleet.ts'
import { Visitor } from '../test/fleet/visitor.ts'
import { noRedis } from '../test/support/redis.ts'
import { Report, type Result } from './report.ts'
import { spread } from './rounds.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    users: { type: 'string', default: '1000' },
    json: { type: 'string', default: 'bench/results/fleet.json' },
  },
})
if (noRedis) throw new Error(noRedis)
const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const users = Number(values.users)

/** Users of the counts of calls, and the requests of each, spread over the processes. */
const CALLERS = 50
const ASKS = 8
const AT_ONCE = 5
const CONNECTIONS = 10
const kinds = ['sess:*', 'cognito:sign-in:*', 'cognito:credentials:*'] as const

const named = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ username: `user-${index}`, password: 'Passw0rd!' }))

const report = new Report(values.json, {
  node: process.version,
  cores: availableParallelism(),
  // The load and the local Cognito are one process, beside those that are measured.
  rounds,
})
const rates: Result[] = []
const calls: Result[] = []
for (const processes of [1, 2, 4]) {
  for (const shared of [true, false]) {
    const name = `${processes} ${processes === 1 ? 'process' : 'processes'}, ${shared ? 'a shared store' : 'each by itself'}`
    const fleet = await startFleet({ users: named(CALLERS), processes, shared })
    try {
      const visitors = await signIn(fleet, CALLERS)
      rates.push({ name, requestsPerSecond: spread(await measureRates(fleet, visitors)) })
      calls.push({ name, ...(await countCalls(fleet, visitors)) })
    } finally {
      await fleet.close()
    }
  }
}
report.add({ title: 'Pages of signed-in users', results: rates })
report.add({ title: `${CALLERS} users, ${ASKS} requests each`, results: calls })
const memory: Result[] = []
for (const shared of [true, false]) memory.push(await measureMemory(shared))
report.add({ title: `Redis for ${users} users, bytes each`, results: memory })

async function signIn(fleet: Fleet, count: number): Promise<Visitor[]> {
  const visitors: Visitor[] = []
  const left = named(count)
  const signInAll = async () => {
    for (let user = left.pop(); user; user = left.pop()) {
      const visitor = new Visitor(fleet)
      const { status } = await visitor.signIn(user)
      if (status === 303) visitors.push(visitor)
      // The machine is too busy for this at the moment.
      else if (status === 503) left.push(user)
      else throw new Error(`A sign-in was answered with ${status}.`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, signInAll))
  return visitors
}

/** Straight to the processes: the proxy of the tests would be what is measured. */
async function measureRates({ members }: Fleet, visitors: Visitor[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const found: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    let answered = 0
    const startedAt = performance.now()
    const ask = async (connection: number) => {
      for (let turn = connection; performance.now() - startedAt < seconds * 1_000; turn += CONNECTIONS) {
        const member = members[turn % members.length]
        const visitor = visitors[turn % visitors.length]
        if (!member || !visitor) throw new Error('Nobody is there.')
        const url = new URL('/account', member.url)
        await get(url, { cookie: visitor.jar.header(url), accept: 'application/json' }, agent)
        answered += 1
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => ask(connection)))
    // The first one warms up.
    if (round > 0) found.push(answered / ((performance.now() - startedAt) / 1_000))
  }
  agent.destroy()
  return found
}

function get(url: URL, headers: Record<string, string>, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent }, (answer) => {
      answer.resume().once('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`A page was answered with ${answer.statusCode ?? 0}.`))
      })
    })
    sent.once('error', reject).end()
  })
}

/** First everybody asks for credentials, then tokens and credentials have expired, and everybody asks for a page and for both. */
async function countCalls(fleet: Fleet, visitors: Visitor[]): Promise<Omit<Result, 'name'>> {
  const { requests } = fleet.local
  const everybody = async (path: string) => {
    const answers: Response[] = []
    // All requests of a user at once, and some users, so that the machine itself is not what fails.
    for (let begin = 0; begin < visitors.length; begin += AT_ONCE) {
      const some = visitors.slice(begin, begin + AT_ONCE)
      const asks = some.flatMap((visitor) => Array.from({ length: ASKS }, () => visitor.get(path)))
      answers.push(...(await Promise.all(asks)))
    }
    return answers
  }
  requests.clear()
  const first = await everybody('/credentials')
  const counted = () => ({
    refreshes: requests.count('token'),
    GetId: requests.count('GetId'),
    GetCredentialsForIdentity: requests.count('GetCredentialsForIdentity'),
  })
  const before = counted()
  await fleet.advance(3_700)
  await Promise.all(fleet.members.map((member) => member.ask({ type: 'delay' })))
  const second = await everybody('/account')
  const delays = await Promise.all(fleet.members.map((member) => member.ask({ type: 'delay' })))
  const third = await everybody('/credentials')
  const after = counted()
  const failed = [...first, ...second, ...third].filter(({ status }) => status !== 200).length
  return {
    GetIdAtFirst: before.GetId,
    GetCredentialsAtFirst: before.GetCredentialsForIdentity,
    refreshesAnHourLater: after.refreshes - before.refreshes,
    GetIdAnHourLater: after.GetId - before.GetId,
    GetCredentialsAnHourLater: after.GetCredentialsForIdentity - before.GetCredentialsForIdentity,
    requestsThatFailed: failed,
    eventLoopDelayP99: Math.max(...delays),
  }
}

async function measureMemory(shared: boolean): Promise<Result> {
  const fleet = await startFleet({ users: named(users), processes: 2, shared })
  try {
    const client = await fleet.redis.client()
    const used = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
    const before = await used()
    const visitors = await signIn(fleet, users)
    // Within the quota of GetId.
    for (const visitor of visitors) await visitor.get('/credentials')
    const sizes: Record<string, number> = {}
    for (const kind of kinds) {
      let bytes = 0
      for (const key of await client.keys(kind)) bytes += (await client.memoryUsage(key)) ?? 0
      sizes[kind] = bytes / users
    }
    return {
      name: shared ? 'a shared store' : 'each by itself',
      session: sizes['sess:*'] ?? NaN,
      signIn: sizes['cognito:sign-in:*'] ?? NaN,
      credentials: sizes['cognito:credentials:*'] ?? NaN,
      usedMemory: ((await used()) - before) / users,
    }
  } finally {
    await fleet.close()
  }
}
