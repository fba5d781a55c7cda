import { S3Error } from './s3-error.ts'

/** First and last byte, both included. */
interface ByteRange {
  first: number
  last: number
}

/**
 * The part of an object that a `Range` header asks for; undefined for the whole of it, which is also the answer to
 * several ranges and to units other than bytes (RFC 9110 §14.2). Throws `InvalidRange` when no byte is in it.
 */
export function parseRange(header: string | undefined, length: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const first = from === '' ? Math.max(length - Number(to), 0) : Number(from)
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1)
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  if (first > last) throw new S3Error('InvalidRange', 'The requested range is not satisfiable')
  return { first, last }
}
