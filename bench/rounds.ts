/** One of the things compared. */
export interface Contender {
  name: string
  /** One measurement: a rate or a time, the same for all that are compared. */
  measure: () => Promise<number>
}

/** What the rounds said of one contender. */
export interface Result {
  name: string
  /** Median over the rounds, in the unit of the measurement. */
  median: number
  /** Median over the rounds of this contender's figure divided by the baseline's in the same round. */
  ratio: number
  /** The smallest and the largest of these ratios: how far the run can be trusted. */
  ratioRange: readonly [number, number]
}

/**
 * Measures all contenders in each round and compares each with the first, the baseline. Within a round the machine is as busy
 * for one as for the others, so ratios hold where absolute figures do not; every second round goes backwards, so that none
 * always profits from its place.
 */
export async function compare(contenders: readonly Contender[], rounds: number): Promise<Result[]> {
  const figures = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed()
    for (const { name, measure } of order) figures.get(name)?.push(await measure())
  }
  const baseline = [...figures.values()][0] ?? []
  return [...figures].map(([name, own]) => {
    const ratios = own.map((figure, round) => figure / (baseline[round] ?? NaN))
    const ratioRange = [Math.min(...ratios), Math.max(...ratios)] as const
    return { name, median: median(own), ratio: median(ratios), ratioRange }
  })
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
}
