/** By version − 1, at level M. */
const correctionPerBlock = Buffer.from([
  ...[10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26],
  ...[26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28],
])
const blockCount = Buffer.from([
  ...[1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16],
  ...[17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
])

function totalCodewords(version: number): number {
  const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2
  const alignment = alignments === 0 ? 0 : (25 * alignments - 10) * alignments - 55
  return Math.floor((16 * version * version + 128 * version + 64 - alignment - (version >= 7 ? 36 : 0)) / 8)
}

function dataCodewords(version: number): number {
  return (
    totalCodewords(version) - correctionPerBlock.readUInt8(version - 1) * blockCount.readUInt8(version - 1)
  )
}

const lengthBits = (version: number) => (version < 10 ? 8 : 16)

/** The smallest of the forty sizes that holds so many bytes. */
export function smallestVersion(bytes: number): number {
  for (let version = 1; version <= 40; version += 1) {
    if (4 + lengthBits(version) + bytes * 8 <= dataCodewords(version) * 8) return version
  }
  throw new RangeError('too long for a QR code')
}

/** The data with its header and padding in blocks, each with its error correction, interleaved. */
export function codewords(data: Buffer, version: number): Buffer {
  const capacity = dataCodewords(version)
  const bits = [
    '0100',
    data.length.toString(2).padStart(lengthBits(version), '0'),
    ...Array.from(data, (byte) => byte.toString(2).padStart(8, '0')),
    '0000',
  ].join('')
  const bytes = (bits.slice(0, capacity * 8).match(/.{1,8}/g) ?? []).map((byte) =>
    parseInt(byte.padEnd(8, '0'), 2),
  )
  const padding = Array.from({ length: capacity - bytes.length }, (_, index) =>
    index % 2 === 0 ? 0xec : 0x11,
  )
  const padded = Buffer.from([...bytes, ...padding])
  const blocks = blockCount.readUInt8(version - 1)
  const short = Math.floor(capacity / blocks)
  const longBlocks = capacity % blocks
  const dataBlocks = Array.from({ length: blocks }, (_, index) => {
    // The longer blocks are the last ones.
    const start = index * short + Math.max(0, index - (blocks - longBlocks))
    return padded.subarray(start, start + short + (index >= blocks - longBlocks ? 1 : 0))
  })
  const divisor = generator(correctionPerBlock.readUInt8(version - 1))
  return Buffer.concat([
    interleave(dataBlocks),
    interleave(dataBlocks.map((block) => remainder(block, divisor))),
  ])
}

function interleave(blocks: Buffer[]): Buffer {
  const longest = Math.max(...blocks.map((block) => block.length))
  const columns = Array.from({ length: longest }, (_, column) =>
    blocks.flatMap((block) => [...block.subarray(column, column + 1)]),
  )
  return Buffer.from(columns.flat())
}

/** Product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x² + 1. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    if ((b >> bit) & 1) product ^= a
  }
  return product
}

/** The Reed-Solomon generator of a degree, without its leading 1. */
function generator(degree: number): Buffer {
  let polynomial = Buffer.from([1])
  let root = 1
  for (let index = 0; index < degree; index += 1) {
    const times = Buffer.from([...polynomial, 0])
    polynomial.forEach(
      (coefficient, place) => (times[place + 1] = (times[place + 1] ?? 0) ^ multiply(coefficient, root)),
    )
    polynomial = times
    root = multiply(root, 2)
  }
  return polynomial.subarray(1)
}

function remainder(block: Buffer, divisor: Buffer): Buffer {
  let rest = Buffer.alloc(divisor.length)
  for (const byte of block) {
    const factor = byte ^ rest.readUInt8(0)
    rest = Buffer.from(
      divisor.map((coefficient, place) => multiply(coefficient, factor) ^ (rest[place + 1] ?? 0)),
    )
  }
  return rest
}
