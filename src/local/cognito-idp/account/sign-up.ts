import { signUp as makeUser } from '../../account/sign-up.ts'
import { optional } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { appClient } from './app-client.ts'
import { codeDeliveryDetails } from './code-delivery.ts'
import { givenAttributes } from './given-attributes.ts'
import { openSignUpSession } from './sign-up-session.ts'

/** SignUp: a new user, who is to be confirmed with the code that was sent. */
export async function signUp(pool: UserPool, input: Input): Promise<object> {
  const given = readInput(input, {
    ...model.appAndUser,
    Password: optional(model.password),
    UserAttributes: optional(model.attributes),
    ValidationData: optional(model.attributes),
  })
  const client = appClient(pool, given)
  const { user, delivery } = await makeUser(pool, {
    client,
    username: given.Username,
    password: given.Password,
    attributes: givenAttributes(given.UserAttributes),
    validationData: given.ValidationData && Object.fromEntries(givenAttributes(given.ValidationData)),
    clientMetadata: given.ClientMetadata,
  })
  const confirmed = user.status === 'CONFIRMED'
  return {
    UserConfirmed: confirmed,
    UserSub: user.sub,
    CodeDeliveryDetails: delivery && codeDeliveryDetails(delivery),
    Session: openSignUpSession(pool, { user, client }, confirmed ? 'SIGN_UP_CONFIRMED' : 'SIGNED_UP'),
  }
}
