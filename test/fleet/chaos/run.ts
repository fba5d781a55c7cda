import { setTimeout as wait } from 'node:timers/promises'
import { within } from '../../../src/lib/within.ts'
import { type Fleet, startFleet } from '../fleet.ts'
import type { Member } from '../member.ts'
import { shiftClock } from '../shifted-clock.ts'
import { newTally, Person, type Scene, type Tally } from './person.ts'
import { Witness } from './witness.ts'

export interface ChaosOptions {
  seconds: number
  users: number
  /** Requests under way at once. */
  crowd: number
  /** Time of the tokens, which live for five minutes, goes by so many times as fast. */
  speed: number
  /** Whether processes are killed and stopped, Redis is restarted, and a tenth of the calls to Cognito fails. */
  disturbed: boolean
  log?: ((line: string) => void) | undefined
}

export interface ChaosFigures extends Tally {
  seconds: number
  users: number
  requestsPerSecond: number
  events: Record<string, number>
  /** Processes that ended by themselves. */
  crashes: number
  cognito: Witness['counts']
  /** Signed-in users who were not let in when all was quiet again, those aside whose tokens went down with a process. */
  notWell: number
  /** Of the process that is never killed, after garbage collection, over the second half of the run. */
  heapSlopeMBPerTenMinutes: number
}

const TOKENS_SECONDS = 300
/** A sign-in is some requests, each of which may take ten seconds, and its process may be stopped for seven. */
const HANGS_MS = 60_000

/** People at an app of four processes, to which things happen. */
export async function runChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const names = Array.from({ length: options.users }, (_, index) => `user-${index}`)
  const pace = { since: Date.now(), speed: options.speed }
  shiftClock(0, pace)
  const fleet = await startFleet({
    pace,
    users: names.map((username) => ({ username, password: 'Passw0rd!' })),
    client: { idTokenValiditySeconds: TOKENS_SECONDS, accessTokenValiditySeconds: TOKENS_SECONDS },
  })
  try {
    return await runOn(fleet, names, options)
  } finally {
    await fleet.close()
    shiftClock(0)
  }
}

async function runOn(fleet: Fleet, names: string[], options: ChaosOptions): Promise<ChaosFigures> {
  const { seconds, users, crowd, disturbed } = options
  const scene: Scene = {
    fleet,
    witness: new Witness(fleet),
    tally: newTally(),
    identities: new Map(),
    disturbedAt: Number.NEGATIVE_INFINITY,
  }
  const people = names.map((name) => new Person(scene, name))
  const events: Record<string, number> = {}
  const heap: [at: number, bytes: number][] = []
  const startedAt = performance.now()
  const goesOn = () => performance.now() - startedAt < seconds * 1_000
  if (disturbed) scene.witness.percentage = 10
  const crowds = Array.from({ length: crowd }, async () => {
    while (goesOn()) {
      await within(pick(people).act(), HANGS_MS).catch((error: Error) => {
        // What ends in an error of the connection was lost with its process.
        scene.tally[error.name === 'TimeoutError' ? 'hung' : 'lost'] += 1
      })
      await wait(20)
    }
  })
  await Promise.all([
    ...crowds,
    measureHeap(fleet, goesOn, heap, options.log),
    ...(disturbed ? [disturb(scene, goesOn, events, options.log)] : []),
  ])
  const lasted = (performance.now() - startedAt) / 1_000
  scene.witness.percentage = 0
  await wait(2_000)
  const requests = Object.values(scene.tally.statuses).reduce((sum, count) => sum + count, 0)
  return {
    seconds: Math.round(lasted),
    users,
    requestsPerSecond: Math.round(requests / lasted),
    events,
    crashes: fleet.members.reduce((sum, member) => sum + member.crashes, 0),
    notWell: await countNotWell(people),
    cognito: scene.witness.counts,
    heapSlopeMBPerTenMinutes: slope(heap.slice(heap.length / 2)),
    ...scene.tally,
  }
}

async function measureHeap(
  { members }: Fleet,
  goesOn: () => boolean,
  heap: [number, number][],
  log: ChaosOptions['log'],
): Promise<void> {
  while (goesOn()) {
    const bytes = await members[0]?.ask({ type: 'heap' })
    heap.push([performance.now(), bytes ?? NaN])
    if (heap.length % 10 === 1) log?.(`heap ${((bytes ?? NaN) / 1024 / 1024).toFixed(1)} MB`)
    await wait(3_000)
  }
}

/** One thing after the other, with time to recover between them. */
async function disturb(
  scene: Scene,
  goesOn: () => boolean,
  events: Record<string, number>,
  log: ChaosOptions['log'],
): Promise<void> {
  const { fleet, witness } = scene
  const mortal = fleet.members.slice(1)
  const kinds: Record<string, () => Promise<void>> = {
    kill: async () => {
      const member = pick(mortal)
      member.signal('SIGKILL')
      witness.disturbed('kill', member)
      witness.killed(member)
      await member.ended
      await fleet.restart(member)
      witness.started(member)
    },
    stop: async () => {
      const member = pick(fleet.members)
      witness.disturbed('stop', member)
      await stopFor(member, 1_000 + Math.random() * 6_000)
    },
    'restart of Redis': async () => {
      const goneAt = performance.now()
      witness.disturbed('restart of Redis')
      await fleet.redis.restart({ awayMs: Math.random() * 1_500 })
      witness.redisWasAway(goneAt)
    },
  }
  while (goesOn()) {
    await wait(2_000 + Math.random() * 3_000)
    const kind = pick(Object.keys(kinds))
    log?.(kind)
    events[kind] = (events[kind] ?? 0) + 1
    scene.disturbedAt = performance.now()
    await kinds[kind]?.()
    scene.disturbedAt = performance.now()
  }
}

async function stopFor(member: Member, ms: number): Promise<void> {
  member.signal('SIGSTOP')
  await wait(ms)
  member.signal('SIGCONT')
}

/** A refresh that failed just now is answered in the same way for a moment: three attempts. */
async function countNotWell(people: readonly Person[]): Promise<number> {
  let ill = people.filter(({ hasLost }) => !hasLost)
  for (let attempts = 0; attempts < 3 && ill.length > 0; attempts += 1) {
    const next: Person[] = []
    for (const person of ill) if (!(await person.isWell())) next.push(person)
    ill = next
    if (ill.length > 0) await wait(1_500)
  }
  return ill.length
}

/** By least squares. */
function slope(points: readonly [number, number][]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  const under = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  return Number((((over / under) * 600_000) / 1024 / 1024).toFixed(2))
}

function pick<T>(all: readonly T[]): T {
  return all[Math.floor(Math.random() * all.length)] as T
}
