import type { Clock } from '../lib/clock.ts'
import type { CredentialsLookup } from '../identity-pool/index.ts'
import type { LocalRequest } from '../server/http.ts'
import { ServiceError } from '../server/service-error.ts'
import { defaultAccessKey } from './developer.ts'
import { checkSignature, type Signer, type SignatureProblem } from './sigv4.ts'

type Refusal = [type: string, message: string]

const invalidToken: Refusal = [
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
]
const wrongSignature: Refusal = [
  'InvalidSignatureException',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
]
const missing: Refusal = ['MissingAuthenticationTokenException', 'Missing Authentication Token']

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
  service: 'cognito-idp'
  region: string
  clock: Clock
  credentials: CredentialsLookup
}

/** The IAM user who may do everything. */
const developer: Signer = {
  ...defaultAccessKey,
  sessionToken: undefined,
  expiresAtSeconds: Number.POSITIVE_INFINITY,
}

/**
 * Checks who signed a request of a JSON API. Throws `ServiceError`: for a missing or wrong signature as the gateway in front of
 * the APIs words it, and `AccessDeniedException` for credentials of an identity pool, whose roles administrate nothing.
 */
export async function authenticate(
  request: LocalRequest,
  { service, region, clock, credentials }: JsonAuthentication,
  { operation, resource }: { operation: string; resource: string },
): Promise<void> {
  const find = (id: string): Signer | undefined =>
    id === developer.accessKeyId ? developer : credentials.find(id)
  const check = await checkSignature(request, { service, region, clock, credentials: { find } })
  if (!check.ok) throw new ServiceError(...refusals[check.problem])
  if (check.caller === developer) return
  throw new ServiceError(
    'AccessDeniedException',
    `The caller is not authorized to perform: ${service}:${operation} on resource: ${resource} because no identity-based policy allows the ${service}:${operation} action`,
  )
}
