import type { Clock } from '../lib/clock.ts'
import type { LocalRequest } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Caller, CallersLookup } from './callers.ts'
import { refusalOf } from './iam/authorize.ts'
import { checkSignature, type SignatureProblem } from './sigv4.ts'

const invalidToken: Refusal = [
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
]
const wrongSignature: Refusal = [
  'InvalidSignatureException',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
]
const missing: Refusal = ['MissingAuthenticationTokenException', 'Missing Authentication Token']

type Refusal = [type: string, message: string]

const refusals: Record<SignatureProblem, Refusal> = {
  'no-signature': missing,
  'query-signature': missing,
  'malformed-header': [
    'IncompleteSignatureException',
    'Authorization header is not a Signature Version 4 header.',
  ],
  'malformed-url': wrongSignature,
  'wrong-scope': ['InvalidSignatureException', 'Credential should be scoped to a valid region and service.'],
  'unsigned-header': [
    'InvalidSignatureException',
    "'Host' and every 'X-Amz-' header must be a 'SignedHeader' in the AWS Authorization.",
  ],
  'unknown-access-key': invalidToken,
  'no-session-token': invalidToken,
  'wrong-session-token': invalidToken,
  expired: ['ExpiredTokenException', 'The security token included in the request is expired'],
  'no-date': [
    'IncompleteSignatureException',
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  ],
  skewed: ['InvalidSignatureException', 'Signature expired or not yet current.'],
  'no-content-hash': wrongSignature,
  'wrong-content-hash': wrongSignature,
  'signed-chunks': wrongSignature,
  'wrong-signature': wrongSignature,
}

interface JsonAuthentication {
  service: 'cognito-identity' | 'cognito-idp'
  region: string
  clock: Clock
  callers: CallersLookup
}

/**
 * Who signed a request of a JSON API, when their policies allow what it asks for. Throws `ServiceError`: for a missing or wrong
 * signature as the gateway in front of the APIs words it, and `AccessDeniedException`.
 */
export async function authenticate(
  request: LocalRequest,
  context: JsonAuthentication,
  { operation, resource }: { operation: string; resource: string },
): Promise<Caller> {
  const check = await checkSignature(request, context)
  if (!check.ok) throw new ServiceError(...refusals[check.problem])
  const refusal = refusalOf(check.caller, `${context.service}:${operation}`, resource)
  if (refusal !== undefined) throw new ServiceError('AccessDeniedException', refusal)
  return check.caller
}
