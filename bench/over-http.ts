import { type Child, startChild } from './child.ts'
import { BARE_ROUTE } from './contenders.ts'
import type { Issuer } from './issuer.ts'
import type { LoadOrder } from './load.ts'
import type { Result, Section } from './report.ts'
import { compareRounds, type Figures, type Length, measureRounds, spread } from './rounds.ts'
import type { Addresses, ServerOrder } from './server.ts'
import type { Tokens } from './tokens.ts'
import { assertGuard, type Send } from './trial.ts'
import { workloadNames } from './workloads.ts'

/** Requests per second over real HTTP. Server and load have a process each, and with two cores a core. */
export async function* compareOverHttp(
  names: string[],
  { issuer, tokens }: { issuer: Issuer; tokens: Tokens },
  { rounds, seconds }: Length,
): AsyncGenerator<Section> {
  const { addresses, load, stop } = await startServerAndLoad({ issuer, names })
  try {
    for (const [name, url] of Object.entries(addresses)) {
      await assertGuard(name, issuer, tokens.population[0] ?? '', sendTo(url))
    }
    await load.ask({ tokens, rounds })
    for (const workload of workloadNames) {
      const measured = Object.entries(addresses).map(([name, url]) => ({
        name,
        measure: (round: number) => load.ask({ url, seconds, workload, round }),
      }))
      const figures = await measureRounds(measured, rounds)
      yield { title: `Over HTTP: ${workload}`, results: summariseRates(figures) }
    }
  } finally {
    await stop()
  }
}

/** The two processes, the server's with its apps listening. */
export async function startServerAndLoad(
  order: ServerOrder,
): Promise<{ addresses: Addresses; load: Child<LoadOrder, number>; stop: () => Promise<unknown> }> {
  const server = startChild<ServerOrder, Addresses>('server.ts', 0)
  const load = startChild<LoadOrder, number>('load.ts', 1)
  const stop = () => Promise.all([server.stop(), load.stop()])
  try {
    return { addresses: await server.ask(order), load, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export function sendTo(url: string): Send {
  return async (headers) => {
    const response = await fetch(url, { headers, redirect: 'manual' })
    return { status: response.status, body: await response.text() }
  }
}

/** What is left of the bare route. */
export function summariseRates(figures: Figures): Result[] {
  return [...figures].map(([name, own]) => ({
    name,
    timesBareRoute: compareRounds(figures, name, BARE_ROUTE, (rate, bare) => rate / bare),
    requestsPerSecond: spread(own).median,
  }))
}
