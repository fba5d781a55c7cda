import { resendConfirmationCode as resend } from '../../account/resend-confirmation-code.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { appClient } from './app-client.ts'
import { codeDeliveryDetails } from './code-delivery.ts'

/** ResendConfirmationCode: another code for a sign-up. */
export async function resendConfirmationCode(pool: UserPool, input: Input): Promise<object> {
  const given = readInput(input, model.appAndUser)
  const { Username: username, ClientMetadata: clientMetadata } = given
  const delivery = await resend(pool, { client: appClient(pool, given), username, clientMetadata })
  return { CodeDeliveryDetails: codeDeliveryDetails(delivery) }
}
