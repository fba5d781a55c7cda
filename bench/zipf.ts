/**
 * Draws from `size` things of which the second is half as popular as the first, the third a third, and so on (Zipf's
 * law with exponent 1), as users are. The same seed gives the same draws.
 */
export function drawZipf(size: number, draws: number, seed: number): number[] {
  const cumulative: number[] = []
  let total = 0
  for (let rank = 1; rank <= size; rank += 1) cumulative.push((total += 1 / rank))
  const random = mulberry32(seed)
  return Array.from({ length: draws }, () => firstAbove(cumulative, random() * total))
}

/** The index of the first element above `value`, by bisection. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? Infinity) > value) high = middle
    else low = middle + 1
  }
  return low
}

/** Tommy Ettinger's generator of 32 bits: Math.random takes no seed. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
