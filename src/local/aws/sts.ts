import type { Clock } from '../lib/clock.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import type { CredentialsLookup, IssuedCredentials } from '../identity-pool/index.ts'
import { callerArn, callerIds } from '../identity-pool/issued-credentials.ts'
import { checkSignature } from './sigv4.ts'
import { stsRefusal, type StsRefusal } from './sts-errors.ts'
import { createRequestId, element, textElement, xmlResponse } from './xml.ts'

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** The operation of an STS request, for counting: its name when served, else `Unknown`. */
export function stsOperation(request: LocalRequest): string {
  return actionOf(request) === 'GetCallerIdentity' ? 'GetCallerIdentity' : 'Unknown'
}

/**
 * The local STS: `GetCallerIdentity` (query protocol, XML), signed with credentials of the identity pool.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function createSts(options: {
  clock: Clock
  region: string
  credentials: CredentialsLookup
}): LocalHandler {
  return async (request) => {
    // The AWS SDK reads the server's time here, so that a moved clock is met by its skew correction.
    const headers = { Date: new Date(options.clock.now()).toUTCString() }
    if (stsOperation(request) === 'Unknown') return refused(unknownAction(actionOf(request)), headers)
    const check = await checkSignature(request, { ...options, service: 'sts' })
    return check.ok ? identified(check.caller, headers) : refused(stsRefusal(check.problem), headers)
  }
}

function actionOf(request: LocalRequest): string {
  return new URLSearchParams(request.body.toString('utf8')).get('Action') ?? ''
}

function unknownAction(action: string): StsRefusal {
  if (action === '') return { status: 400, code: 'MissingAction', message: 'Missing Action' }
  return {
    status: 400,
    code: 'InvalidAction',
    message: `Could not find operation ${action.slice(0, 64)} for version 2011-06-15`,
  }
}

function identified(caller: IssuedCredentials, headers: Record<string, string>): LocalResponse {
  const { account, userId } = callerIds(caller)
  const result = element(
    'GetCallerIdentityResult',
    textElement('Arn', callerArn(caller)) + textElement('UserId', userId) + textElement('Account', account),
  )
  const metadata = element('ResponseMetadata', textElement('RequestId', createRequestId()))
  const xml = `<GetCallerIdentityResponse xmlns="${namespace}">${result}${metadata}</GetCallerIdentityResponse>`
  return xmlResponse(200, xml, 'text/xml', headers)
}

function refused({ status, code, message }: StsRefusal, headers: Record<string, string>): LocalResponse {
  const error = textElement('Type', 'Sender') + textElement('Code', code) + textElement('Message', message)
  const content = element('Error', error) + textElement('RequestId', createRequestId())
  const xml = `<ErrorResponse xmlns="${namespace}">${content}</ErrorResponse>`
  return xmlResponse(status, xml, 'text/xml', headers)
}
