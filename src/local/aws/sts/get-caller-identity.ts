import type { LocalRequest } from '../../server/http.ts'
import { checkSignature } from '../sigv4.ts'
import { textElement } from '../xml.ts'
import type { StsContext } from './index.ts'
import { stsRefusal } from './refusals.ts'

/**
 * `GetCallerIdentity`: who signed the request. Nobody needs a permission for it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function getCallerIdentity(context: StsContext, request: LocalRequest): Promise<string> {
  const check = await checkSignature(request, { ...context, service: 'sts' })
  if (!check.ok) throw stsRefusal(check.problem)
  const { arn, userId, account } = check.caller
  return textElement('Arn', arn) + textElement('UserId', userId) + textElement('Account', account)
}
