import type { Clock } from '../../lib/clock.ts'
import type { LocalHandler, LocalRequest, LocalResponse } from '../../server/http.ts'
import type { CallersLookup } from '../callers.ts'
import { createRequestId, element, textElement, xmlResponse } from '../xml.ts'
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts'
import type { AssumeRole, WebIdentity } from './assume-role.ts'
import { getCallerIdentity } from './get-caller-identity.ts'
import { StsError } from './sts-error.ts'

/** The outcome of checking an OpenID token's signature and issuer; expiry is judged here. */
export type OpenIdTokenCheck =
  | { ok: true; identity: WebIdentity; expiresAtSeconds: number }
  | { ok: false; reason: 'malformed' | 'signature' | 'issuer'; issuer?: string | undefined }

/** What the operations of this folder work with. */
export interface StsContext {
  clock: Clock
  region: string
  callers: CallersLookup
  assumeRole: AssumeRole
  /** Must not reject for a token's sake. */
  verifyOpenIdToken: (token: string) => Promise<OpenIdTokenCheck>
}

/** By wire name: the XML inside the result element; refusals are thrown as `StsError`. */
const operations: Readonly<Record<string, (context: StsContext, request: LocalRequest) => Promise<string>>> =
  {
    AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
    GetCallerIdentity: getCallerIdentity,
  }

export const stsOperationNames: readonly string[] = Object.keys(operations)

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** The operation of an STS request, for counting: its name when served, else `Unknown`. */
export function stsOperation(request: LocalRequest): string {
  const action = actionOf(request)
  return Object.hasOwn(operations, action) ? action : 'Unknown'
}

/**
 * The local STS: query protocol in, XML out. `GetCallerIdentity` is signed, `AssumeRoleWithWebIdentity` is not.
 * https://docs.aws.amazon.com/STS/latest/APIReference/
 */
export function createSts(context: StsContext): LocalHandler {
  return async (request) => {
    // The AWS SDK reads the server's time here, so that a moved clock is met by its skew correction.
    const headers = { Date: new Date(context.clock.now()).toUTCString() }
    try {
      return await answer(context, request, headers)
    } catch (error) {
      if (error instanceof StsError) return refused(error, headers)
      throw error
    }
  }
}

async function answer(
  context: StsContext,
  request: LocalRequest,
  headers: Record<string, string>,
): Promise<LocalResponse> {
  const action = stsOperation(request)
  const operation = operations[action]
  if (!operation) throw unknownAction(actionOf(request))
  const result = element(`${action}Result`, await operation(context, request))
  const metadata = element('ResponseMetadata', textElement('RequestId', createRequestId()))
  const xml = `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`
  return xmlResponse(200, xml, 'text/xml', headers)
}

function actionOf(request: LocalRequest): string {
  return new URLSearchParams(request.body.toString('utf8')).get('Action') ?? ''
}

function unknownAction(action: string): StsError {
  if (action === '') return new StsError('MissingAction', 'Missing Action')
  return new StsError(
    'InvalidAction',
    `Could not find operation ${action.slice(0, 64)} for version 2011-06-15`,
  )
}

function refused({ status, code, message }: StsError, headers: Record<string, string>): LocalResponse {
  const error = textElement('Type', 'Sender') + textElement('Code', code) + textElement('Message', message)
  const content = element('Error', error) + textElement('RequestId', createRequestId())
  const xml = `<ErrorResponse xmlns="${namespace}">${content}</ErrorResponse>`
  return xmlResponse(status, xml, 'text/xml', headers)
}
