import { createUser, resendInvitation } from '../../account/create-user.ts'
import { boolean, list, optional, string } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { givenAttributes } from '../account/given-attributes.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { checkPoolId } from '../pool-id.ts'
import { userOutput } from './user-output.ts'

const shape = {
  ...model.poolAndUser,
  UserAttributes: optional(model.attributes),
  ValidationData: optional(model.attributes),
  TemporaryPassword: optional(model.password),
  ForceAliasCreation: optional(boolean),
  MessageAction: optional(string({ values: ['RESEND', 'SUPPRESS'] })),
  DesiredDeliveryMediums: optional(list(string({ values: ['SMS', 'EMAIL'] }), { min: 0, max: 2 })),
  ClientMetadata: optional(model.metadata),
}

/** AdminCreateUser: a user with a temporary password, which an invitation tells. */
export async function adminCreateUser(pool: UserPool, input: Input): Promise<object> {
  const given = readInput(input, shape)
  checkPoolId(pool, given.UserPoolId)
  // The default of the service: whoever has no phone number gets no invitation.
  const mediums = given.DesiredDeliveryMediums ?? ['SMS']
  const request = {
    username: given.Username,
    attributes: givenAttributes(given.UserAttributes),
    temporaryPassword: given.TemporaryPassword,
    forceAliasCreation: given.ForceAliasCreation ?? false,
    mediums: (['EMAIL', 'SMS'] as const).filter(
      (medium) => given.MessageAction !== 'SUPPRESS' && mediums.includes(medium),
    ),
    validationData: given.ValidationData && Object.fromEntries(givenAttributes(given.ValidationData)),
    clientMetadata: given.ClientMetadata,
  }
  const resend = given.MessageAction === 'RESEND'
  const user = await (resend ? resendInvitation(pool, request) : createUser(pool, request))
  return { User: userOutput(user) }
}
