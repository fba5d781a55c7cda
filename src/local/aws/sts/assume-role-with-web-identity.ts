import type { LocalRequest } from '../../server/http.ts'
import { MalformedPolicy } from '../iam/malformed-policy.ts'
import { policyFrom, type Policy } from '../iam/policy-document.ts'
import { element, textElement } from '../xml.ts'
import type { WebIdentity } from './assume-role.ts'
import type { StsContext } from './index.ts'
import { assumeRoleParameters } from './parameters.ts'
import { StsError } from './sts-error.ts'

const durations = { min: 900, max: 43_200, default: 3600 }

/**
 * `AssumeRoleWithWebIdentity`: the last step of the classic flow. It is not signed: the OpenID token of the identity pool
 * and the trust policy of the role decide.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function assumeRoleWithWebIdentity(context: StsContext, request: LocalRequest): Promise<string> {
  const form = new URLSearchParams(request.body.toString('utf8'))
  const { RoleArn, RoleSessionName, WebIdentityToken, ProviderId, Policy, DurationSeconds } =
    assumeRoleParameters(form)
  const durationSeconds = durationFrom(DurationSeconds)
  assertServed(form, ProviderId)
  const identity = await webIdentity(context, WebIdentityToken)
  const assumed = context.assumeRole({
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    identity,
    durationSeconds,
    sessionPolicy: Policy === undefined ? undefined : sessionPolicy(Policy),
  })
  if (!assumed.ok) throw refusal(assumed.reason)
  const { arn, userId, ...credentials } = assumed.credentials
  return (
    textElement('SubjectFromWebIdentityToken', identity.subject) +
    textElement('Audience', identity.audience) +
    element('AssumedRoleUser', textElement('Arn', arn) + textElement('AssumedRoleId', userId)) +
    element('Credentials', credentialsXml(credentials)) +
    textElement('Provider', identity.provider)
  )
}

function durationFrom(given: string | undefined): number {
  const seconds = given === undefined ? durations.default : Number(given)
  const bound =
    seconds < durations.min
      ? `greater than or equal to ${durations.min}`
      : seconds > durations.max
        ? `less than or equal to ${durations.max}`
        : undefined
  if (bound === undefined) return seconds
  throw new StsError(
    'ValidationError',
    `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  )
}

function assertServed(form: URLSearchParams, providerId: string | undefined): void {
  if ([...form.keys()].some((name) => name.startsWith('PolicyArns')))
    throw new StsError(
      'ValidationError',
      'The local STS knows no managed policies: PolicyArns is not served.',
    )
  if (providerId !== undefined)
    throw new StsError(
      'ValidationError',
      'The local STS takes tokens of its identity pool only: ProviderId, for access tokens, is not served.',
    )
}

async function webIdentity(context: StsContext, token: string): Promise<WebIdentity> {
  const check = await context.verifyOpenIdToken(token)
  if (!check.ok) throw tokenRefusal(check.reason, check.issuer)
  const now = context.clock.nowSeconds()
  if (now >= check.expiresAtSeconds)
    throw new StsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time ${check.expiresAtSeconds}`,
    )
  return check.identity
}

function tokenRefusal(reason: 'malformed' | 'signature' | 'issuer', issuer: string | undefined): StsError {
  const messages = {
    malformed:
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    issuer: `No OpenIDConnect provider found in your account for ${issuer ?? 'this issuer'}`,
    signature:
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  }
  return new StsError('InvalidIdentityToken', messages[reason])
}

function sessionPolicy(text: string): Policy {
  try {
    return policyFrom(JSON.parse(text), 'permissions')
  } catch (error) {
    const detail = error instanceof MalformedPolicy ? `: ${error.message}` : '.'
    throw new StsError('MalformedPolicyDocument', `The session policy is malformed${detail}`)
  }
}

function refusal(reason: 'not-authorized' | 'too-long'): StsError {
  if (reason === 'not-authorized')
    return new StsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403)
  return new StsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

function credentialsXml(credentials: {
  sessionToken: string
  secretAccessKey: string
  expiresAtSeconds: number
  accessKeyId: string
}): string {
  const expiration = new Date(credentials.expiresAtSeconds * 1000).toISOString().replace('.000Z', 'Z')
  return (
    textElement('SessionToken', credentials.sessionToken) +
    textElement('SecretAccessKey', credentials.secretAccessKey) +
    textElement('Expiration', expiration) +
    textElement('AccessKeyId', credentials.accessKeyId)
  )
}
