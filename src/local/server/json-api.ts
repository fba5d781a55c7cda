import { randomUUID } from '../lib/random.ts'
import type { Clock } from '../lib/clock.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from './http.ts'
import type { Operation } from '../cognito-idp/index.ts'
import { ServiceError } from './service-error.ts'

/** The AWS JSON 1.1 protocol: the operation is in `X-Amz-Target`, everything is `POST /`. */
export interface JsonApi {
  operations: readonly string[]
  /** The operation that a request names, `UnknownOperation`, or undefined when it is no JSON API request. */
  operationOf(request: LocalRequest): string | undefined
  handle: LocalHandler
}

/** `services`: the last part of the target's prefix → its operations. */
export function createJsonApi(services: Record<string, Record<string, Operation>>, clock: Clock): JsonApi {
  const table = new Map<string, { name: string; run: Operation }>(
    Object.entries(services).flatMap(([service, operations]) =>
      Object.entries(operations).map(([name, run]) => [`${service}.${name}`, { name, run }] as const),
    ),
  )
  // Old clients send a Java package in front (`com.amazonaws.cognito.identity.model.…`); only the last two parts count.
  const find = (target: string) => table.get(target.split('.').slice(-2).join('.'))
  return {
    operations: [...table.values()].map(({ name }) => name),
    operationOf(request) {
      const target = request.headers['x-amz-target']
      return target === undefined ? undefined : (find(target)?.name ?? 'UnknownOperation')
    },
    async handle(request) {
      const response = await answer(find(request.headers['x-amz-target'] ?? '')?.run, request)
      // The AWS SDK reads the server's time here, so that a moved clock is met by its skew correction.
      return { ...response, headers: { ...response.headers, date: new Date(clock.now()).toUTCString() } }
    },
  }
}

async function answer(operation: Operation | undefined, request: LocalRequest): Promise<LocalResponse> {
  try {
    if (!operation || request.method !== 'POST')
      throw new ServiceError('UnknownOperationException', 'Unknown operation')
    return jsonResponse(200, await operation(inputOf(request.body), request))
  } catch (error) {
    if (error instanceof ServiceError) return errorResponse(error)
    // Nothing of an unexpected error leaves the server: it may quote what it choked on.
    return errorResponse(new ServiceError('InternalErrorException', 'Internal error', 500))
  }
}

function inputOf(body: Buffer): Record<string, unknown> {
  let input: unknown
  try {
    input = JSON.parse(body.toString('utf8') || '{}')
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not JSON.')
  }
  if (typeof input === 'object' && input !== null && !Array.isArray(input))
    return input as Record<string, unknown>
  throw new ServiceError('SerializationException', 'The request body is not a JSON object.')
}

/** How a refusal looks on the wire: in the body and in two headers. */
export function errorResponse(error: ServiceError): LocalResponse {
  return jsonResponse(
    error.status,
    { __type: error.type, message: error.message },
    {
      'x-amzn-errortype': `${error.type}:`,
      // A header holds no line breaks and no letters beyond Latin-1, and clients limit its length; the body has the whole message.
      'x-amzn-errormessage': error.message.slice(0, 1024).replace(/[^\x20-\x7e]/g, '?'),
    },
  )
}

function jsonResponse(status: number, body: object, headers: Record<string, string> = {}): LocalResponse {
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
      'cache-control': 'no-store',
      ...headers,
    },
    body: JSON.stringify(body, alphabetical),
  }
}

/** Compact JSON with members in alphabetical order, which shell scripts on Cognito rely on. */
function alphabetical(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
