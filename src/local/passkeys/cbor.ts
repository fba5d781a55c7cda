/** What authenticators write in CBOR (RFC 8949), as far as WebAuthn uses it: no floats, no tags, no open ends. */
export type CborValue = number | string | boolean | null | Buffer | CborValue[] | CborMap

export type CborMap = Map<number | string, CborValue>

/** Bytes that are no CBOR, or CBOR of a kind that no authenticator writes. */
export class CborError extends Error {}

/** Attestation objects hold maps in maps; nothing holds more. */
const deepest = 4

/** The value at the start of the bytes, and how long it was. Throws {@link CborError}. */
export function decodeCbor(bytes: Buffer): { value: CborValue; length: number } {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  return { value, length: reader.offset }
}

class Reader {
  offset = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): CborValue {
    if (depth > deepest) throw new CborError('too deep')
    const [initial] = this.#take(1)
    const major = (initial ?? 0) >> 5
    const count = this.#argument((initial ?? 0) & 0x1f)
    switch (major) {
      case 0:
        return count
      case 1:
        return -1 - count
      case 2:
        return Buffer.from(this.#take(count))
      case 3:
        return this.#take(count).toString('utf8')
      case 4:
        return Array.from({ length: this.#entries(count, 1) }, () => this.value(depth + 1))
      case 5:
        return this.#map(this.#entries(count, 2), depth)
      case 7:
        return simple(count)
      default:
        throw new CborError('a tag')
    }
  }

  /** The number that goes with a kind: a length, an integer, or which simple value. */
  #argument(info: number): number {
    if (info < 24) return info
    const size = { 24: 1, 25: 2, 26: 4 }[info]
    // Eight bytes would be more than anything here can be; the rest is floats and open ends.
    if (size === undefined) throw new CborError('a length')
    return this.#take(size).readUIntBE(0, size)
  }

  /** Every entry takes a byte at least: a length cannot ask for more memory than the bytes that came. */
  #entries(count: number, bytesEach: number): number {
    if (count * bytesEach > this.#bytes.length - this.offset) throw new CborError('cut off')
    return count
  }

  #map(count: number, depth: number): CborMap {
    const map: CborMap = new Map()
    for (let index = 0; index < count; index += 1) {
      const key = this.value(depth + 1)
      if (typeof key !== 'number' && typeof key !== 'string') throw new CborError('a key')
      if (map.has(key)) throw new CborError('a key twice')
      map.set(key, this.value(depth + 1))
    }
    return map
  }

  #take(length: number): Buffer {
    const end = this.offset + length
    if (end > this.#bytes.length) throw new CborError('cut off')
    const taken = this.#bytes.subarray(this.offset, end)
    this.offset = end
    return taken
  }
}

function simple(which: number): boolean | null {
  if (which === 20 || which === 21) return which === 21
  if (which === 22) return null
  throw new CborError('a simple value')
}
