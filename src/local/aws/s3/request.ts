import type { LocalRequest } from '../../server/http.ts'
import { S3Error } from './s3-error.ts'
import { parseRawUrl } from '../uri.ts'

export type S3OperationName = 'ListObjectsV2' | 'GetObject' | 'HeadObject' | 'PutObject' | 'DeleteObject'

/** A path-style S3 request taken apart. Keys are opaque: nothing in them is normalised. */
export interface S3Target {
  /** Undefined for what the local S3 does not serve. */
  operation: S3OperationName | undefined
  bucket: string
  /** Empty for an operation on the bucket. */
  key: string
  query: Map<string, string[]>
}

const objectOperations: Partial<Record<string, S3OperationName>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
}

const listParameters = [
  'continuation-token',
  'delimiter',
  'encoding-type',
  'list-type',
  'max-keys',
  'prefix',
  'start-after',
  'x-id',
]

/** The operation of an S3 request, for counting: its name when served, else `Unknown`. */
export function s3Operation(request: LocalRequest): string {
  return readTarget(request)?.operation ?? 'Unknown'
}

/** Bucket, key and operation of a request. Throws `InvalidURI` when the URL is not percent-encoded UTF-8. */
export function parseTarget(request: LocalRequest): S3Target {
  const target = readTarget(request)
  if (!target) throw new S3Error('InvalidURI', "Couldn't parse the specified URI.")
  return target
}

function readTarget(request: LocalRequest): S3Target | undefined {
  const parsed = parseRawUrl(request.rawUrl)
  if (!parsed) return undefined
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(parsed.path) ?? []
  const target = { bucket, key, query: parsed.query }
  return { ...target, operation: bucket === '' ? undefined : operationOf(request, target) }
}

/** A parameter that is not known selects another operation or another meaning, and so is never ignored. */
function operationOf(
  { method, headers }: LocalRequest,
  { key, query }: Omit<S3Target, 'operation'>,
): S3OperationName | undefined {
  const onlyParameters = (known: string[]) => [...query.keys()].every((name) => known.includes(name))
  if (key === '') {
    const isList = method === 'GET' && query.get('list-type')?.[0] === '2'
    return isList && onlyParameters(listParameters) ? 'ListObjectsV2' : undefined
  }
  const copies = headers['x-amz-copy-source'] !== undefined
  return onlyParameters(['x-id']) && !copies ? objectOperations[method] : undefined
}
