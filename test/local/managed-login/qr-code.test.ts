import assert from 'node:assert/strict'
import test from 'node:test'
import jsqr from 'jsqr'
import { qrCode, qrCodePath } from '../../../src/local/managed-login/qr-code.ts'

// A CommonJS package that marks itself as an ES module: the function is one step further in.
const decode = jsqr.default

/** What an independent reader sees in a picture of the code, four pixels a module. */
function read(rows: boolean[][]): { version: number; text: string } | undefined {
  const scale = 4
  const width = (rows.length + 8) * scale
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (!dark) return
      for (let dy = 0; dy < scale; dy += 1) {
        for (let dx = 0; dx < scale; dx += 1) {
          const pixel = ((y + 4) * scale + dy) * width + (x + 4) * scale + dx
          pixels.fill(0, pixel * 4, pixel * 4 + 3)
        }
      }
    }),
  )
  const found = decode(pixels, width, width, { inversionAttempts: 'dontInvert' })
  return found ? { version: found.version, text: Buffer.from(found.binaryData).toString('utf8') } : undefined
}

/** How many bytes fit into the versions at level M, as ISO/IEC 18004 lists them. */
const capacities = [
  ...[14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666],
  ...[
    711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099,
    2213, 2331,
  ],
]
for (const [index, bytes] of capacities.entries()) {
  test(`a text of ${bytes} bytes fills version ${index + 1}, and another reader reads it`, () => {
    const text = Array.from({ length: bytes }, (_, place) =>
      String.fromCharCode(33 + ((place * 7 + index) % 90)),
    ).join('')
    assert.deepEqual(read(qrCode(text)), { version: index + 1, text })
  })
}

for (const text of [
  '',
  'a',
  'otpauth://totp/us-east-1_Local0001:ana?secret=JBSWY3DPEHPK3PXP',
  'Grüße, 世界 🔑',
]) {
  test(`another reader reads ${JSON.stringify(text)}`, () => {
    assert.equal(read(qrCode(text))?.text, text)
  })
}

test('a text that no QR code holds is refused', () => {
  assert.throws(() => qrCode('x'.repeat(2332)), RangeError)
})

test('the path draws every dark module once, inside the quiet zone', () => {
  const { size, path } = qrCodePath('path')
  const rows = qrCode('path')
  assert.equal(size, rows.length + 8)
  const drawn = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(
    ([, x, y]) => `${Number(x) - 4},${Number(y) - 4}`,
  )
  const dark = rows.flatMap((row, y) => row.flatMap((one, x) => (one ? [`${x},${y}`] : [])))
  assert.deepEqual(drawn, dark)
})

test('both copies of the format and of the version are those that ISO/IEC 18004 lists', () => {
  const formats = '5412 5125 5e7c 5b4b 45f9 40ce 4f97 4aa0'.split(' ').map((bits) => parseInt(bits, 16))
  const number = (bits: (boolean | undefined)[]) => parseInt(bits.map(Number).join(''), 2)
  const rows = qrCode('x'.repeat(120))
  const { length: size } = rows
  const column = [...rows.slice(0, 6), ...rows.slice(7, 9)].map((row) => row[8])
  const one = [...(rows[8] ?? []).filter((_, x) => x < 6 || x === 7), ...column.reverse()]
  const other = [...rows.slice(size - 7).map((row) => row[8])].reverse()
  assert.equal(formats.includes(number(one)), true)
  assert.equal(number([...other, ...(rows[8] ?? []).slice(size - 8)]), number(one))
  // Version 7.
  const right = rows.slice(0, 6).flatMap((row) => row.slice(size - 11, size - 8))
  assert.equal(number(right.reverse()), 0b000111110010010100)
  const bottom = [0, 1, 2, 3, 4, 5].flatMap((x) => rows.slice(size - 11, size - 8).map((row) => row[x]))
  assert.equal(number(bottom.reverse()), 0b000111110010010100)
})
