import type { LocalRequest } from '../server/http.ts'
import type { Input } from './input.ts'

/** Rejects with `ServiceError` unless the request carries a Signature Version 4 of somebody who may do this. */
export type Authenticate = (request: LocalRequest, operation: string) => Promise<unknown>

/** An operation of a JSON API: input in, output out; refusals are thrown as `ServiceError`. Signed ones look at the request. */
export type Operation = (input: Input, request: LocalRequest) => Promise<object> | object

/** An operation of administrators, which must be signed. */
export function signed(
  authenticate: Authenticate,
  name: string,
  run: (input: Input) => Promise<object> | object,
): Operation {
  return async (input, request) => {
    await authenticate(request, name)
    return run(input)
  }
}
