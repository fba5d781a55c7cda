import type { SignatureProblem } from '../sigv4.ts'
import { StsError } from './sts-error.ts'

type Refusal = [code: string, message: string, status: number]

const invalidToken = refusal('InvalidClientTokenId', 'The security token included in the request is invalid.')
const wrongSignature = refusal(
  'SignatureDoesNotMatch',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
)
const incomplete = (message: string) => refusal('IncompleteSignature', message, 400)

const refusals: Record<SignatureProblem, Refusal> = {
  'no-signature': refusal('MissingAuthenticationToken', 'Request is missing Authentication Token'),
  'query-signature': refusal('MissingAuthenticationToken', 'Signatures in the query are not served here'),
  'malformed-header': incomplete('Authorization header is not a Signature Version 4 header.'),
  'malformed-url': wrongSignature,
  'wrong-scope': refusal(
    'SignatureDoesNotMatch',
    'Credential should be scoped to a valid region and service.',
  ),
  'unsigned-header': refusal(
    'SignatureDoesNotMatch',
    "'Host' and every 'X-Amz-' header must be a 'SignedHeader' in the AWS Authorization.",
  ),
  'unknown-access-key': invalidToken,
  'no-session-token': invalidToken,
  'wrong-session-token': invalidToken,
  expired: refusal('ExpiredToken', 'The security token included in the request is expired'),
  'no-date': incomplete("Authorization header requires existence of an 'X-Amz-Date' header."),
  skewed: refusal('SignatureDoesNotMatch', 'Signature expired or not yet current.'),
  'no-content-hash': wrongSignature,
  'wrong-content-hash': wrongSignature,
  'signed-chunks': wrongSignature,
  'wrong-signature': wrongSignature,
}

/** A refused signature in the words of STS. */
export function stsRefusal(problem: SignatureProblem): StsError {
  return new StsError(...refusals[problem])
}

function refusal(code: string, message: string, status = 403): Refusal {
  return [code, message, status]
}
