import type { SignatureProblem } from '../sigv4.ts'

const codes = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  BadDigest: 400,
  EntityTooLarge: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NotImplemented: 501,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  StorageLimitExceeded: 400,
  XAmzContentSHA256Mismatch: 400,
} as const

type S3ErrorCode = keyof typeof codes

/** What S3 answers instead of a result: an XML body with this code. */
export class S3Error extends Error {
  readonly code: S3ErrorCode
  readonly status: number

  constructor(code: S3ErrorCode, message: string) {
    super(message)
    this.name = 'S3Error'
    this.code = code
    this.status = codes[code]
  }
}

const unknownKey = 'The AWS Access Key Id you provided does not exist in our records.'
const wrongSignature =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.'

const refusals: Record<SignatureProblem, [S3ErrorCode, string]> = {
  'no-signature': ['AccessDenied', 'Access Denied'],
  'query-signature': ['NotImplemented', 'Presigned URLs are not served by the local S3.'],
  'malformed-header': [
    'AuthorizationHeaderMalformed',
    'The authorization header that you provided is not valid.',
  ],
  'malformed-url': ['InvalidURI', "Couldn't parse the specified URI."],
  'wrong-scope': [
    'AuthorizationHeaderMalformed',
    'The credential scope has another region, service or date.',
  ],
  'unsigned-header': ['AccessDenied', 'There were headers present in the request which were not signed'],
  'unknown-access-key': ['InvalidAccessKeyId', unknownKey],
  // S3 looks temporary keys up together with their token, so that one alone is unknown.
  'no-session-token': ['InvalidAccessKeyId', unknownKey],
  'wrong-session-token': ['InvalidToken', 'The provided token is malformed or otherwise invalid.'],
  expired: ['ExpiredToken', 'The provided token has expired.'],
  'no-date': ['AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header'],
  skewed: [
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  'no-content-hash': ['InvalidRequest', 'Missing required header for this request: x-amz-content-sha256'],
  'wrong-content-hash': [
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
  'signed-chunks': ['NotImplemented', 'Bodies signed chunk by chunk are not served by the local S3.'],
  'wrong-signature': ['SignatureDoesNotMatch', wrongSignature],
}

/** A refused signature in the words of S3. */
export function s3Refusal(problem: SignatureProblem): S3Error {
  return new S3Error(...refusals[problem])
}
