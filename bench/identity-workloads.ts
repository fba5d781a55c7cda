import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'
import type { CognitoOrder, CognitoReply } from './identity-cognito.ts'
import {
  type IdentityContender,
  identityContenders,
  type IdentitySetting,
  OURS,
  type User,
  userOf,
} from './identity-contenders.ts'
import type { Result, Section } from './report.ts'
import { compareRounds, measureRounds, spread, type Spread } from './rounds.ts'

/** The Cognito in its own process, and where it is. */
export interface Stage extends IdentitySetting {
  cognito: Child<CognitoOrder, CognitoReply>
}

/** Who asks what, at once and one after another. */
interface Workload {
  title: string
  users: number
  /** Before anything is counted. */
  prepare?: (stage: Stage, ask: () => Promise<unknown>) => Promise<unknown>
  /** Answers, so many of them good. */
  run: (contender: IdentityContender, users: User[]) => Promise<number>
}

/** Three minutes are left, by the clock of this process: every provider renews then. */
const LEFT_SECONDS = 180

const workloads: readonly Workload[] = [
  { title: '1,000 requests by 10 users, ten at a time', users: 10, run: inTens },
  { title: '100 concurrent first requests of one user', users: 1, run: (one, users) => all(one, users, 100) },
  {
    title: '1,000 users, all in their last three minutes, ask at once',
    users: 1_000,
    prepare: (_stage, ask) => ask(),
    run: (contender, users) => all(contender, users, 1),
  },
  {
    title: 'An outage: 10 users in their last three minutes ask 100 times each',
    users: 10,
    prepare: async ({ cognito }, ask) => {
      await ask()
      await cognito.ask({ type: 'fail' })
    },
    run: inTens,
  },
]

/** Calls made, answers and milliseconds of each contender. */
export async function* compareWorkloads(stage: Stage, rounds: number): AsyncGenerator<Section> {
  for (const workload of workloads) {
    const last = new Map<string, Omit<Result, 'name'>>()
    const measured = Object.entries(identityContenders).map(([name, make]) => ({
      name,
      measure: async (round: number) => {
        // Never twice in a run: the SDK remembers a `userIdentifier` for as long as the process lives.
        const subjects = Array.from({ length: workload.users }, (_, index) =>
          [workload.title, round, name, index].join(),
        )
        const { milliseconds, ...counts } = await measure(stage, workload, make(stage), subjects)
        last.set(name, counts)
        return milliseconds
      },
    }))
    const figures = await measureRounds(measured, rounds)
    const timesOurs = (name: string): Spread =>
      compareRounds(figures, name, OURS, (figure, base) => figure / base)
    const results = [...figures].map(([name, ms]): Result => ({
      name,
      ...last.get(name),
      milliseconds: spread(ms),
      timesOurs: timesOurs(name),
    }))
    yield { title: workload.title, results }
  }
}

async function measure(
  stage: Stage,
  { prepare, run }: Workload,
  contender: IdentityContender,
  subjects: string[],
) {
  const { cognito } = stage
  await cognito.ask({ type: 'reset' })
  // What is issued now has but this time left as this process sees it; the server's clock is right again afterwards.
  if (prepare) await cognito.ask({ type: 'advance', seconds: LEFT_SECONDS - 3_600 })
  const { tokens = [] } = await cognito.ask({ type: 'tokens', subjects })
  const users = tokens.map(userOf)
  await prepare?.(stage, () => all(contender, users, 1))
  await cognito.ask({ type: 'clear' })
  asked = 0
  const start = performance.now()
  const good = await run(contender, users)
  const [milliseconds, failed] = [performance.now() - start, asked - good]
  await quiet(stage)
  const { calls } = await cognito.ask({ type: 'counts' })
  await contender.close()
  return { milliseconds, ...calls, failed }
}

/** Since the clock began. */
let asked = 0

/** Until nothing more comes: renewals in the background count too. */
async function quiet({ cognito }: Stage): Promise<void> {
  let before = -1
  for (;;) {
    const { calls } = await cognito.ask({ type: 'counts' })
    const now = (calls?.GetId ?? 0) + (calls?.GetCredentialsForIdentity ?? 0)
    if (now === before) return
    before = now
    await sleep(250)
  }
}

/** Each user this many times, all at once. */
async function all(contender: IdentityContender, users: User[], times: number): Promise<number> {
  const asks = users.flatMap((user) => Array.from({ length: times }, () => answered(contender, user)))
  return (await Promise.all(asks)).filter(Boolean).length
}

/** Every user once, a hundred times. */
async function inTens(contender: IdentityContender, users: User[]): Promise<number> {
  let good = 0
  for (let turn = 0; turn < 100; turn += 1) good += await all(contender, users, 1)
  return good
}

function answered({ ask }: IdentityContender, user: User): Promise<boolean> {
  asked += 1
  return ask(user).then(
    ({ accessKeyId }) => accessKeyId.startsWith('ASIA'),
    () => false,
  )
}
