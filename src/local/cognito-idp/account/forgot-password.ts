import { confirmForgotPassword as confirm, forgotPassword as forgot } from '../../account/forgot-password.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { appClient } from './app-client.ts'
import { codeDeliveryDetails } from './code-delivery.ts'

/** ForgotPassword: a code for a new password. */
export async function forgotPassword(pool: UserPool, input: Input): Promise<object> {
  const given = readInput(input, model.appAndUser)
  const { Username: username, ClientMetadata: clientMetadata } = given
  const delivery = await forgot(pool, { client: appClient(pool, given), username, clientMetadata })
  return { CodeDeliveryDetails: codeDeliveryDetails(delivery) }
}

/** ConfirmForgotPassword: the code and the new password. */
export async function confirmForgotPassword(pool: UserPool, input: Input): Promise<object> {
  const given = readInput(input, {
    ...model.appAndUser,
    ConfirmationCode: model.confirmationCode,
    Password: model.password,
  })
  await confirm(pool, {
    client: appClient(pool, given),
    username: given.Username,
    code: given.ConfirmationCode,
    password: given.Password,
    clientMetadata: given.ClientMetadata,
  })
  return {}
}
