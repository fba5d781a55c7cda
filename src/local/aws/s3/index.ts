import type { Clock } from '../../lib/clock.ts'
import type { Memory } from '../../lib/memory.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../../server/http.ts'
import type { CallersLookup } from '../callers.ts'
import { authorize } from './authorize.ts'
import { S3Error, s3Refusal } from './s3-error.ts'
import { listObjectsV2 } from './list-objects.ts'
import { deleteObject, getObject, putObject } from './object-operations.ts'
import { createS3Objects, type S3Objects } from './objects.ts'
import { parseTarget, type S3Target } from './request.ts'
import { checkSignature } from '../sigv4.ts'
import { createRequestId, element, textElement, xmlResponse } from '../xml.ts'

interface S3Options {
  clock: Clock
  region: string
  /** The name of the one bucket. */
  bucket: string
  callers: CallersLookup
  /** Where the objects are; default: nowhere else. */
  memory?: Memory
}

/**
 * A small path-style S3 in memory: list, get, head, put and delete in one bucket, signed, each caller as far as the
 * policies of their role let them. https://docs.aws.amazon.com/AmazonS3/latest/API/
 */
export function createS3(options: S3Options): LocalHandler {
  const objects = createS3Objects(options.memory)
  return async (request) => {
    const requestId = createRequestId()
    const response = await serve(request, options, objects).catch((error: unknown) => {
      if (error instanceof S3Error) return errorResponse(error, request, requestId)
      throw error
    })
    return { ...response, headers: { ...response.headers, ...commonHeaders(options.clock, requestId) } }
  }
}

async function serve(request: LocalRequest, options: S3Options, objects: S3Objects): Promise<LocalResponse> {
  const target = parseTarget(request)
  const check = await checkSignature(request, { ...options, service: 's3' })
  if (!check.ok) throw s3Refusal(check.problem)
  if (target.bucket !== '' && target.bucket !== options.bucket)
    throw new S3Error('NoSuchBucket', 'The specified bucket does not exist')
  const { operation, key } = target
  if (!operation) throw notServed(request, target)
  authorize(check.caller, operation, target, options.region)
  switch (operation) {
    case 'ListObjectsV2':
      return listObjectsV2(objects, target)
    case 'PutObject':
      return putObject(objects, key, request, options.clock)
    case 'DeleteObject':
      return deleteObject(objects, key)
    default:
      return getObject(objects, key, request)
  }
}

function notServed({ method }: LocalRequest, { query }: S3Target): S3Error {
  if (!['GET', 'HEAD', 'PUT', 'DELETE', 'POST'].includes(method))
    return new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.')
  const subresource = [...query.keys()].find((name) => name !== 'x-id')
  return new S3Error(
    'NotImplemented',
    'The local S3 serves ListObjectsV2, GetObject, HeadObject, PutObject and DeleteObject' +
      (subresource === undefined ? '.' : `, not with "${subresource.slice(0, 64)}".`),
  )
}

function errorResponse(error: S3Error, request: LocalRequest, requestId: string): LocalResponse {
  // The answer to HEAD has no body: a client sees the status alone.
  if (request.method === 'HEAD') return { status: error.status, body: '' }
  const xml = element(
    'Error',
    textElement('Code', error.code) +
      textElement('Message', error.message) +
      textElement('Resource', request.rawUrl.split('?')[0] ?? '') +
      textElement('RequestId', requestId),
  )
  return xmlResponse(error.status, xml, 'application/xml')
}

/** `Date` lets the AWS SDK correct its clock when this server's was moved. */
function commonHeaders(clock: Clock, requestId: string): Record<string, string> {
  return {
    Date: new Date(clock.now()).toUTCString(),
    'x-amz-request-id': requestId,
    'X-Content-Type-Options': 'nosniff',
  }
}

export { s3Operation } from './request.ts'
