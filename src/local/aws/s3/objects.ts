import { createMemory } from '../../lib/memory.ts'
import { S3Error } from './s3-error.ts'

const megabyte = 1_000_000
/** The largest object, in bytes: the server's limit for a body leaves room for the framing of a streamed one. */
const objectBytesAtMost = 10 * megabyte
const totalBytesAtMost = 100 * megabyte
const objectsAtMost = 10_000
const keyBytesAtMost = 1024

/** An object as stored; everything is in memory and ends with the server. */
export interface StoredObject {
  body: Buffer
  /** With its quotes. */
  etag: string
  lastModifiedMs: number
  /** Content-Type, the other kept headers and `x-amz-meta-*`, by lower-case name. */
  headers: Record<string, string>
  /** `x-amz-checksum-*`. */
  checksums: Record<string, string>
}

/** The objects of the one bucket. */
export interface S3Objects {
  get(key: string): StoredObject | undefined
  /** Throws `EntityTooLarge`, `KeyTooLongError` or `StorageLimitExceeded`. */
  put(key: string, object: StoredObject): void
  delete(key: string): void
  /** In the order of their keys' UTF-8 bytes, as S3 lists. */
  entries(): [string, StoredObject][]
}

export function createS3Objects(memory = createMemory()): S3Objects {
  const objects = memory.map<StoredObject>('objects')
  let totalBytes = [...objects.values()].reduce((sum, { body }) => sum + body.length, 0)
  const bytesOf = (key: string) => objects.get(key)?.body.length ?? 0
  return {
    get: (key) => objects.get(key),
    put: (key, object) => {
      assertFits(key, object)
      const after = totalBytes - bytesOf(key) + object.body.length
      if (after > totalBytesAtMost || (!objects.has(key) && objects.size >= objectsAtMost))
        throw new S3Error(
          'StorageLimitExceeded',
          `The local S3 holds at most ${objectsAtMost} objects and ${totalBytesAtMost / megabyte} MB in total. Delete objects, or restart it.`,
        )
      totalBytes = after
      objects.set(key, object)
    },
    delete: (key) => {
      totalBytes -= bytesOf(key)
      objects.delete(key)
    },
    entries: () => [...objects].sort(([one], [other]) => compareUtf8(one, other)),
  }
}

/** The order of the UTF-8 bytes, which is not that of JavaScript's UTF-16 code units. */
export function compareUtf8(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

function assertFits(key: string, { body }: StoredObject): void {
  if (Buffer.byteLength(key) > keyBytesAtMost) throw new S3Error('KeyTooLongError', 'Your key is too long')
  if (body.length > objectBytesAtMost)
    throw new S3Error(
      'EntityTooLarge',
      `Your proposed upload exceeds the maximum allowed size: the local S3 takes objects up to ${objectBytesAtMost / megabyte} MB.`,
    )
}
