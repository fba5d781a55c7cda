/** One of the things compared. */
export interface Measured {
  name: string
  /** One measurement: a rate or a time, the same for all that are compared. Round 0 warms up and is not counted. */
  measure: (round: number) => Promise<number>
}

/** How long a run is: rounds that count, and the seconds of one measurement. */
export interface Length {
  rounds: number
  seconds: number
}

/** What was measured, round by round, under each name. */
export type Figures = ReadonlyMap<string, readonly number[]>

/** The middle of some values, and how far they reach: how far the run can be trusted. */
export interface Spread {
  median: number
  least: number
  most: number
}

/**
 * Measures all in each round. Within a round the machine is as busy for one as for the others, so comparisons within a
 * round hold where absolute figures do not; every second round goes backwards, so that none always profits from its place.
 */
export async function measureRounds(measured: readonly Measured[], rounds: number): Promise<Figures> {
  const figures = new Map(measured.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, measure } of round % 2 === 0 ? measured : measured.toReversed()) {
      const figure = await measure(round)
      if (round > 0) figures.get(name)?.push(figure)
    }
  }
  return figures
}

/** Compares one with another round by round, for example by a quotient or a difference. */
export function compareRounds(
  figures: Figures,
  name: string,
  baseline: string,
  by: (figure: number, base: number) => number,
): Spread {
  const base = figures.get(baseline) ?? []
  return spread((figures.get(name) ?? []).map((figure, round) => by(figure, base[round] ?? NaN)))
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2
  return { median, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN }
}
