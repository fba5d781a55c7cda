import { codewords, smallestVersion } from './qr-codewords.ts'

/** A square of modules; `fixed` are those of the function patterns, which carry no data. */
interface Grid {
  size: number
  dark: Uint8Array
  fixed: Uint8Array
}

/** A QR code (ISO/IEC 18004) in bytes at error correction level M, as rows of modules, true = dark. At most 2,331 bytes. */
export function qrCode(text: string): boolean[][] {
  const data = Buffer.from(text, 'utf8')
  const version = smallestVersion(data.length)
  const grid = functionPatterns(version)
  placeBits(grid, codewords(data, version))
  const candidates = masks.map((inverts, mask) => {
    const dark = grid.dark.map((module, index) => {
      const inverted = !grid.fixed[index] && inverts(Math.floor(index / grid.size), index % grid.size)
      return inverted ? 1 - module : module
    })
    const masked = { ...grid, dark }
    placeFormat(masked, mask)
    return rowsOf(masked)
  })
  return candidates.reduce((best, next) => (penalty(next) < penalty(best) ? next : best))
}

/** The outline of the dark modules as an SVG path; the picture is `size` units wide, the quiet zone of four modules included. */
export function qrCodePath(text: string): { size: number; path: string } {
  const rows = qrCode(text)
  const squares = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
  return { size: rows.length + 8, path: squares.join('') }
}

function setFixed({ size, dark, fixed }: Grid, x: number, y: number, isDark: boolean): void {
  if (x < 0 || y < 0 || x >= size || y >= size) return
  dark[y * size + x] = Number(isDark)
  fixed[y * size + x] = 1
}

function functionPatterns(version: number): Grid {
  const size = 17 + 4 * version
  const grid = { size, dark: new Uint8Array(size * size), fixed: new Uint8Array(size * size) }
  for (let place = 0; place < size; place += 1) {
    setFixed(grid, place, 6, place % 2 === 0)
    setFixed(grid, 6, place, place % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const) {
    // With the light border around it.
    ring(grid, { x, y, radius: 4, isDark: (distance) => distance !== 2 && distance !== 4 })
  }
  const centres = alignmentCentres(version, size)
  const [first, last] = [centres[0], centres.at(-1)]
  for (const x of centres) {
    for (const y of centres) {
      const isFinder =
        (x === first && y === first) || (x === first && y === last) || (x === last && y === first)
      if (!isFinder) ring(grid, { x, y, radius: 2, isDark: (distance) => distance !== 1 })
    }
  }
  // Reserves the places; the mask is only known later.
  placeFormat(grid, 0)
  if (version >= 7) placeVersion(grid, version)
  return grid
}

/** A square pattern around a centre, by the distance from it. */
function ring(
  grid: Grid,
  { x, y, radius, isDark }: { x: number; y: number; radius: number; isDark: (distance: number) => boolean },
): void {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      setFixed(grid, x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
    }
  }
}

function alignmentCentres(version: number, size: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = version === 32 ? 26 : Math.ceil((size - 13) / (2 * count - 2)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, index) => size - 7 - index * step).reverse()]
}

/** Appends the check bits of a BCH code. */
function withChecks(value: number, checks: number, polynomial: number): number {
  let rest = value << checks
  for (let bit = 31; bit >= checks; bit -= 1) if ((rest >>> bit) & 1) rest ^= polynomial << (bit - checks)
  return (value << checks) | rest
}

/** Level M (00) and the mask, twice. */
function placeFormat(grid: Grid, mask: number): void {
  const { size } = grid
  const bits = withChecks(mask, 10, 0x537) ^ 0x5412
  for (let index = 0; index < 15; index += 1) {
    const isDark = ((bits >> index) & 1) === 1
    // The timing patterns at 6 are jumped over.
    const near = index < 6 ? index : index < 8 ? index + 1 : 14 - index + (index === 8 ? 1 : 0)
    if (index < 8) setFixed(grid, 8, near, isDark)
    else setFixed(grid, near, 8, isDark)
    if (index < 8) setFixed(grid, size - 1 - index, 8, isDark)
    else setFixed(grid, 8, size - 15 + index, isDark)
  }
  setFixed(grid, 8, size - 8, true)
}

function placeVersion(grid: Grid, version: number): void {
  const bits = withChecks(version, 12, 0x1f25)
  for (let index = 0; index < 18; index += 1) {
    const isDark = ((bits >> index) & 1) === 1
    const [along, across] = [Math.floor(index / 3), grid.size - 11 + (index % 3)]
    setFixed(grid, along, across, isDark)
    setFixed(grid, across, along, isDark)
  }
}

/** Upwards and downwards through pairs of columns from the right. */
function placeBits({ size, dark, fixed }: Grid, bytes: Buffer): void {
  let index = 0
  for (let right = size - 1; right > 0; right -= right === 8 ? 3 : 2) {
    const upwards = ((right < 7 ? right + 1 : right) - size + 1) % 4 === 0
    for (let step = 0; step < size * 2; step += 1) {
      const [x, row] = [right - (step % 2), Math.floor(step / 2)]
      const place = (upwards ? size - 1 - row : row) * size + x
      if (fixed[place]) continue
      // What is left over stays light.
      dark[place] = ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1
      index += 1
    }
  }
}

const masks: ((y: number, x: number) => boolean)[] = [
  (y, x) => (x + y) % 2 === 0,
  (y) => y % 2 === 0,
  (_, x) => x % 3 === 0,
  (y, x) => (x + y) % 3 === 0,
  (y, x) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (y, x) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (y, x) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (y, x) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function rowsOf({ size, dark }: Grid): boolean[][] {
  return Array.from({ length: size }, (_, y) =>
    Array.from(dark.subarray(y * size, (y + 1) * size), (one) => one === 1),
  )
}

/** How hard a pattern is to read: long runs, blocks, look-alikes of the finder pattern, and too much of one colour. */
function penalty(rows: boolean[][]): number {
  const columns = rows.map((_, x) => rows.map((row) => row[x] === true))
  const lines = [...rows, ...columns].map((line) => line.map(Number).join(''))
  let points = 0
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2
    points += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length
  }
  rows.slice(1).forEach((row, y) =>
    row.slice(1).forEach((dark, x) => {
      const others = [row[x], rows[y]?.[x], rows[y]?.[x + 1]]
      if (others.every((other) => other === dark)) points += 3
    }),
  )
  const share = lines.slice(0, rows.length).join('').replaceAll('0', '').length / rows.length ** 2
  return points + 10 * Math.floor(Math.abs(share - 0.5) * 20)
}
