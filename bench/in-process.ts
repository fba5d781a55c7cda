import type { Express } from 'express'
import { BARE_ROUTE, createApp, CRYPTO_VERIFY, type Guard } from './contenders.ts'
import { dispatch } from './dispatch.ts'
import type { Issuer } from './issuer.ts'
import type { Result, Section } from './report.ts'
import { compareRounds, type Figures, type Length, measureRounds, spread } from './rounds.ts'
import type { Tokens } from './tokens.ts'
import { assertGuard } from './trial.ts'
import { createWorkloads, type Header, inOrder, workloadNames } from './workloads.ts'

/** Requests in one batch. */
export const BATCH = 50

/** Microseconds for one request after another through an app in this process, without sockets. */
export async function* compareInProcess(
  guards: Readonly<Record<string, Guard>>,
  { issuer, tokens }: { issuer: Issuer; tokens: Tokens },
  { rounds, seconds }: Length,
): AsyncGenerator<Section> {
  const apps = await createTriedApps(guards, issuer, tokens.population[0] ?? '')
  const workloads = createWorkloads(tokens, rounds)
  for (const workload of workloadNames) {
    const measured = apps.map(([name, app]) => ({
      name,
      measure: (round: number) => microsecondsPerRequest(app, workloads[workload](round), seconds),
    }))
    const figures = await measureRounds(measured, rounds)
    yield { title: `In process: ${workload}`, results: summarise(figures) }
  }
}

/** An app for each contender, each of which has shown that it lets in whom it should and nobody else. */
export async function createTriedApps(
  guards: Readonly<Record<string, Guard>>,
  issuer: Issuer,
  token: string,
): Promise<[name: string, app: Express][]> {
  const apps: [string, Express][] = []
  for (const [name, guard] of Object.entries(guards)) {
    const app = await createApp(guard, issuer)
    await assertGuard(name, issuer, token, (headers) => dispatch(app, headers))
    apps.push([name, app])
  }
  return apps
}

/**
 * The mean of a batch, as the median of as many batches as fit into the time or as there are values for: where something
 * else had the processor meanwhile, one batch suffers and not the figure.
 */
export async function microsecondsPerRequest(app: Express, header: Header, seconds: number): Promise<number> {
  const batches: number[] = []
  let start = performance.now()
  const end = start + seconds * 1000
  let requests = 0
  for (const value of inOrder(header)) {
    const { status } = await dispatch(app, { [header.name]: value })
    if (status !== 200) throw new Error(`A good request was answered ${status}.`)
    requests += 1
    if (requests < BATCH) continue
    const now = performance.now()
    batches.push(((now - start) / requests) * 1000)
    if (now >= end) break
    ;[start, requests] = [now, 0]
  }
  return spread(batches).median
}

/** What a request takes more than the bare route, and that beside what checking the RSA signature takes more than it. */
function summarise(figures: Figures): Result[] {
  const bare = figures.get(BARE_ROUTE) ?? []
  const over = new Map(
    [...figures].map(([name, own]) => [name, own.map((time, round) => time - (bare[round] ?? NaN))]),
  )
  return [...figures].map(([name, own]) => ({
    name,
    microsecondsOverBareRoute: spread(over.get(name) ?? []),
    timesCryptoVerify: compareRounds(over, name, CRYPTO_VERIFY, (time, base) => time / base),
    microsecondsInAll: spread(own).median,
  }))
}
