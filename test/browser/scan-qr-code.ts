import jsqr from 'jsqr'

/** Pixels to a module of the code. */
const scale = 4

/** What a phone's camera reads from a QR code that is an SVG of horizontal strokes. */
export function scanQrCode(svg: string): string {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) * scale
  const pixels = new Uint8ClampedArray(side ** 2 * 4).fill(255)
  const strokes = /stroke="#000000" d="([^"]+)"/.exec(svg)?.[1] ?? ''
  let [x, y] = [0, 0]
  for (const [, command, first, second] of strokes.matchAll(/([Mmh])([\d.-]+)(?: ([\d.-]+))?/g)) {
    const [dx, dy] = [Number(first), Number(second ?? 0)]
    if (command === 'M') [x, y] = [dx, Math.floor(dy)]
    else if (command === 'm') [x, y] = [x + dx, y + dy]
    else {
      for (let row = y * scale; row < (y + 1) * scale; row += 1) {
        for (let column = x * scale; column < (x + dx) * scale; column += 1) {
          const at = (row * side + column) * 4
          pixels.fill(0, at, at + 3)
        }
      }
      x += dx
    }
  }
  return jsqr.default(pixels, side, side)?.data ?? ''
}
