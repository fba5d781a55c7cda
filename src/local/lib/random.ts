import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash, randomBytes as cryptoRandomBytes } from 'node:crypto'

/** Where ids, codes and tokens come from. */
export interface RandomSource {
  bytes(size: number): Buffer
}

const source = new AsyncLocalStorage<RandomSource>()

/** The same bytes in the same order for the same seed: SHA-256 of the seed and a counter. */
export function seededRandom(seed: string): RandomSource {
  let counter = 0
  return {
    bytes(size) {
      const blocks: Buffer[] = []
      for (let length = 0; length < size; length += 32) {
        blocks.push(createHash('sha256').update(`${seed}\0${counter}`).digest())
        counter += 1
      }
      return Buffer.concat(blocks).subarray(0, size)
    },
  }
}

/** Whatever `run` draws, now or later, comes from this source. Undefined: from the system's generator. */
export function withRandom<T>(from: RandomSource | undefined, run: () => T): T {
  return from === undefined ? run() : source.run(from, run)
}

export function randomBytes(size: number): Buffer {
  return source.getStore()?.bytes(size) ?? cryptoRandomBytes(size)
}

/** A whole number from 0 to below `max`, which is at most 2³². */
export function randomInt(max: number): number {
  // 2⁴⁸ is so much larger that the remainder favours no number that anyone could notice.
  return randomBytes(6).readUIntBE(0, 6) % max
}

/** Version 4. */
export function randomUUID(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
