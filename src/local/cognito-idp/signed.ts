import type { LocalRequest } from '../server/http.ts'
import type { Input } from './input.ts'

/** Rejects with `ServiceError` unless the request carries a Signature Version 4 of somebody who may do this to the resource. */
export type Authenticate = (
  request: LocalRequest,
  what: { operation: string; resource: string },
) => Promise<unknown>

/** An operation of a JSON API: input in, output out; refusals are thrown as `ServiceError`. Signed ones look at the request. */
export type Operation = (input: Input, request: LocalRequest) => Promise<object> | object

/** An operation of administrators, which must be signed; `resource` is the ARN of what it is about. */
export function signed<T>(
  authenticate: Authenticate,
  operation: string,
  { about, resource, run }: SignedOperation<T>,
): Operation {
  return async (input, request) => {
    const subject = about(input)
    await authenticate(request, { operation, resource: resource(subject) })
    return run(subject, input)
  }
}

interface SignedOperation<T> {
  about: (input: Input) => T
  resource: (subject: T) => string
  run: (subject: T, input: Input) => Promise<object> | object
}
