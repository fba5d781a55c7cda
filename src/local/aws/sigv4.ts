import { createHash, timingSafeEqual } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Clock } from '../lib/clock.ts'
import type { LocalRequest } from '../server/http.ts'
import { parseAuthorizationHeader, type SignatureClaim } from './authorization-header.ts'
import type { Caller, CallersLookup } from './callers.ts'
import { Sha256 } from './sha256.ts'
import { encodeRfc3986, parseRawUrl } from './uri.ts'

/** How far a request's clock may be from the server's. */
const skewSeconds = 15 * 60

/** Why a request is not accepted; each service names these in its own words. */
export type SignatureProblem =
  | 'no-signature'
  | 'query-signature'
  | 'malformed-header'
  | 'malformed-url'
  | 'wrong-scope'
  | 'unsigned-header'
  | 'unknown-access-key'
  | 'no-session-token'
  | 'wrong-session-token'
  | 'expired'
  | 'no-date'
  | 'skewed'
  | 'no-content-hash'
  | 'wrong-content-hash'
  | 'signed-chunks'
  | 'wrong-signature'

interface SignatureContext {
  service: 's3' | 'sts' | 'cognito-identity' | 'cognito-idp'
  region: string
  clock: Clock
  callers: CallersLookup
}

type SignatureCheck = { ok: true; caller: Caller } | { ok: false; problem: SignatureProblem }

/**
 * Checks a request's Signature Version 4 against the callers of the local AWS: known key, session token, expiry, clock
 * skew, body hash, signature. Signatures in the query are not accepted.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function checkSignature(
  request: LocalRequest,
  context: SignatureContext,
): Promise<SignatureCheck> {
  const header = request.headers['authorization']
  if (!header) return refuse(request.rawUrl.includes('X-Amz-Signature=') ? 'query-signature' : 'no-signature')
  const claim = parseAuthorizationHeader(header)
  if (!claim) return refuse('malformed-header')
  const caller = context.callers.find(claim.accessKeyId)
  if (!caller) return refuse('unknown-access-key')
  const problem =
    credentialsProblem(request, caller, context.clock) ??
    claimProblem(request, claim, context) ??
    contentProblem(request, context.service)
  if (problem) return refuse(problem)
  const expected = await expectedSignature(request, claim, caller, context)
  if (expected === undefined) return refuse('malformed-url')
  return equal(expected, claim.signature) ? { ok: true, caller } : refuse('wrong-signature')
}

function refuse(problem: SignatureProblem): SignatureCheck {
  return { ok: false, problem }
}

function credentialsProblem(
  request: LocalRequest,
  caller: Caller,
  clock: Clock,
): SignatureProblem | undefined {
  const sessionToken = request.headers['x-amz-security-token']
  if (caller.sessionToken === undefined) return sessionToken ? 'wrong-session-token' : undefined
  if (!sessionToken) return 'no-session-token'
  if (!equal(sessionToken, caller.sessionToken)) return 'wrong-session-token'
  return clock.nowSeconds() >= caller.expiresAtSeconds ? 'expired' : undefined
}

function claimProblem(
  { headers }: LocalRequest,
  claim: SignatureClaim,
  { service, region, clock }: SignatureContext,
): SignatureProblem | undefined {
  if (claim.service !== service || claim.region !== region) return 'wrong-scope'
  const mustBeSigned = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))]
  if (!mustBeSigned.every((name) => claim.signedHeaders.includes(name))) return 'unsigned-header'
  const signedAtMs = parseAmzDate(headers['x-amz-date'])
  if (signedAtMs === undefined) return 'no-date'
  if (!headers['x-amz-date']?.startsWith(claim.scopeDate)) return 'wrong-scope'
  return Math.abs(clock.now() - signedAtMs) > skewSeconds * 1000 ? 'skewed' : undefined
}

function contentProblem(
  { headers, body }: LocalRequest,
  service: SignatureContext['service'],
): SignatureProblem | undefined {
  const declared = headers['x-amz-content-sha256']
  if (service === 's3') {
    if (declared === undefined) return 'no-content-hash'
    if (declared === 'UNSIGNED-PAYLOAD' || declared === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') return undefined
    if (declared.startsWith('STREAMING-')) return 'signed-chunks'
  }
  if (declared === undefined) return undefined
  const actual = createHash('sha256').update(body).digest('hex')
  return declared === actual ? undefined : 'wrong-content-hash'
}

/** Signs the request anew with the secret that was issued; undefined when its URL cannot be decoded. */
async function expectedSignature(
  request: LocalRequest,
  claim: SignatureClaim,
  caller: Caller,
  { service, region }: SignatureContext,
): Promise<string | undefined> {
  const target = parseRawUrl(request.rawUrl)
  const signingDateMs = parseAmzDate(request.headers['x-amz-date'])
  if (!target || signingDateMs === undefined) return undefined
  const path = target.path.split('/').map(encodeRfc3986).join('/')
  const { accessKeyId, secretAccessKey } = caller
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
    uriEscapePath: service !== 's3',
    applyChecksum: false,
  })
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: 'localhost',
      path,
      query: Object.fromEntries(target.query),
      headers: Object.fromEntries(claim.signedHeaders.map((name) => [name, ownHeader(request, name)])),
      body: request.body,
    },
    { signingDate: new Date(signingDateMs), signableHeaders: new Set(claim.signedHeaders) },
  )
  return parseAuthorizationHeader(signed.headers['authorization'] ?? '')?.signature
}

/** The names come from the caller: `constructor` is one of no header. */
function ownHeader({ headers }: LocalRequest, name: string): string {
  return Object.hasOwn(headers, name) ? (headers[name] ?? '') : ''
}

/** `YYYYMMDDTHHMMSSZ` in epoch milliseconds. */
function parseAmzDate(text: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? []
  if (!second) return undefined
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(ms) ? undefined : ms
}

/** In constant time; both sides are hashed so that a differing length shows nothing either. */
function equal(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
