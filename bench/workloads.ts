import type { Tokens } from './tokens.ts'
import { drawZipf } from './zipf.ts'

/** What callers present: one token again and again, many tokens of which some come often, or every token once. */
export const workloadNames = ['one token', '10,000 tokens, Zipf', 'every token new'] as const
export type WorkloadName = (typeof workloadNames)[number]

/** The values of one header in the requests of a measurement, in order. */
export interface Header {
  name: 'authorization' | 'cookie'
  values: readonly string[]
  /** Whether the measurement ends with the last value; else the first one comes again. */
  once: boolean
}

/** The header of a round: the same for every contender, and the same in every process that has the tokens. */
export type Workload = (round: number) => Header

/** More than a measurement of a second takes. */
const DRAWS = 50_000

/** `rounds` are those that are counted; the warm-up before them is round 0. */
export function createWorkloads(
  { population, fresh }: Tokens,
  rounds: number,
): Record<WorkloadName, Workload> {
  const name = 'authorization'
  const header = (token: string) => `Bearer ${token}`
  const values = population.map(header)
  const slice = Math.floor(fresh.length / (rounds + 1))
  return {
    'one token': () => ({ name, values: values.slice(0, 1), once: false }),
    '10,000 tokens, Zipf': (round) => {
      const draws = drawZipf(values.length, DRAWS, round)
      return { name, values: draws.map((index) => values[index] ?? ''), once: false }
    },
    'every token new': (round) => {
      const slots = fresh.slice(round * slice, (round + 1) * slice)
      return { name, values: slots.map(header), once: true }
    },
  }
}

/** The values one by one, until there are none. */
export function* inOrder({ values, once }: Header): Generator<string, undefined> {
  do yield* values
  while (!once)
  return undefined
}
