import { createHash } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import type { LocalRequest, LocalResponse } from '../../server/http.ts'
import { decodeAwsChunked } from './aws-chunked.ts'
import { checkChecksums } from './checksums.ts'
import { S3Error } from './s3-error.ts'
import { parseRange } from './range.ts'
import type { S3Objects, StoredObject } from './objects.ts'

/** The user metadata of an object, in bytes of names and values. */
const metadataBytesAtMost = 2048

const keptHeaders = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires']
/** These ask for what is not built; storing the object as if they were absent would be a lie. */
const notServed = [
  'if-match',
  'if-none-match',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-acl',
]

/** `PutObject`: the whole object, its headers and metadata. Checksums and lengths that came along are checked. */
export function putObject(
  objects: S3Objects,
  key: string,
  request: LocalRequest,
  clock: Clock,
): LocalResponse {
  const refused = notServed.find((name) => request.headers[name] !== undefined)
  if (refused) throw new S3Error('NotImplemented', `The local S3 does not serve the header ${refused}.`)
  const { body, headers } = decodeBody(request)
  const checksums = checkChecksums(headers, body)
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  objects.put(key, { body, etag, checksums, headers: headersToKeep(headers), lastModifiedMs: clock.now() })
  return { status: 200, headers: { ETag: etag, ...checksums }, body: '' }
}

/** `GetObject` and `HeadObject`, whole or a range of bytes. Throws `NoSuchKey` or `InvalidRange`. */
export function getObject(objects: S3Objects, key: string, request: LocalRequest): LocalResponse {
  const object = objects.get(key)
  if (!object) throw new S3Error('NoSuchKey', 'The specified key does not exist.')
  const total = object.body.length
  const range = parseRange(request.headers['range'], total)
  const body = range ? object.body.subarray(range.first, range.last + 1) : object.body
  const withChecksums = !range && request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
  return {
    status: range ? 206 : 200,
    headers: {
      ...object.headers,
      ...(withChecksums ? object.checksums : {}),
      ...(range ? { 'Content-Range': `bytes ${range.first}-${range.last}/${total}` } : {}),
      ETag: object.etag,
      'Last-Modified': new Date(object.lastModifiedMs).toUTCString(),
      'Accept-Ranges': 'bytes',
      'Content-Length': String(body.length),
      // Whatever a user uploaded shares its origin with the login page: a browser must not run it.
      'Content-Security-Policy': "default-src 'none'; sandbox",
    },
    body: request.method === 'HEAD' ? '' : body,
  }
}

/** `DeleteObject`: the same answer whether the object was there or not. */
export function deleteObject(objects: S3Objects, key: string): LocalResponse {
  objects.delete(key)
  return { status: 204 }
}

/** The object's own bytes and headers; trailers of an `aws-chunked` body count as headers. */
function decodeBody(request: LocalRequest): { body: Buffer; headers: Record<string, string> } {
  const encodings = splitList(request.headers['content-encoding'])
  const isChunked =
    encodings.includes('aws-chunked') || request.headers['x-amz-content-sha256']?.startsWith('STREAMING-')
  if (!isChunked) return { body: request.body, headers: request.headers }
  const decoded = decodeAwsChunked(request.body)
  const declaredLength = request.headers['x-amz-decoded-content-length']
  if (!decoded || (declaredLength !== undefined && Number(declaredLength) !== decoded.body.length))
    throw new S3Error(
      'IncompleteBody',
      'The request body terminated unexpectedly, or differs from its declared length.',
    )
  const announced = splitList(request.headers['x-amz-trailer'])
  if (!announced.every((name) => decoded.trailers[name] !== undefined))
    throw new S3Error('IncompleteBody', 'A trailer that x-amz-trailer announces is missing.')
  return { body: decoded.body, headers: { ...request.headers, ...decoded.trailers } }
}

function headersToKeep(headers: Record<string, string>): StoredObject['headers'] {
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' }
  const encodings = splitList(headers['content-encoding']).filter((encoding) => encoding !== 'aws-chunked')
  if (encodings.length > 0) kept['content-encoding'] = encodings.join(', ')
  let metadataBytes = 0
  for (const [name, value] of Object.entries(headers)) {
    const isMetadata = name.startsWith('x-amz-meta-')
    if (isMetadata) metadataBytes += Buffer.byteLength(name.slice('x-amz-meta-'.length) + value)
    if (isMetadata || keptHeaders.includes(name)) kept[name] = value
  }
  if (metadataBytes > metadataBytesAtMost)
    throw new S3Error(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size of 2048 bytes',
    )
  return kept
}

function splitList(header: string | undefined): string[] {
  return (header ?? '')
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '')
}
