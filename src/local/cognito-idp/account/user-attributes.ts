import { checkChangedAttributes, checkDeletedAttributes } from '../../account/attribute-rules.ts'
import { changeAttributes } from '../../account/change-attributes.ts'
import { sendAttributeCode, verifyAttribute } from '../../account/verify-attribute.ts'
import { optional } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { callerOf } from '../caller.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { codeDeliveryDetails } from './code-delivery.ts'
import { givenAttributes } from './given-attributes.ts'

/** UpdateUserAttributes: a new address or number gets a code. */
export async function updateUserAttributes(pool: UserPool, input: Input): Promise<object> {
  const {
    AccessToken,
    UserAttributes,
    ClientMetadata: clientMetadata,
  } = readInput(input, {
    AccessToken: model.accessToken,
    UserAttributes: model.attributes,
    ClientMetadata: optional(model.metadata),
  })
  const { user, clientId } = await callerOf(pool, AccessToken)
  const given = givenAttributes(UserAttributes)
  const client = pool.clients.get(clientId)
  checkChangedAttributes(pool, given, client)
  const deliveries = await changeAttributes(pool, user, given, { client, clientMetadata })
  return { CodeDeliveryDetailsList: deliveries.map(codeDeliveryDetails) }
}

/** DeleteUserAttributes */
export async function deleteUserAttributes(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, UserAttributeNames } = readInput(input, {
    AccessToken: model.accessToken,
    UserAttributeNames: model.attributeNames,
  })
  const { user, clientId } = await callerOf(pool, AccessToken)
  const client = pool.clients.get(clientId)
  checkDeletedAttributes(pool, UserAttributeNames, client)
  await changeAttributes(pool, user, new Map(UserAttributeNames.map((name) => [name, ''])), { client })
  return {}
}

/** GetUserAttributeVerificationCode: a code for the user's own address or number. */
export async function getUserAttributeVerificationCode(pool: UserPool, input: Input): Promise<object> {
  const {
    AccessToken,
    AttributeName,
    ClientMetadata: clientMetadata,
  } = readInput(input, {
    AccessToken: model.accessToken,
    AttributeName: model.attributeName,
    ClientMetadata: optional(model.metadata),
  })
  const { user, clientId } = await callerOf(pool, AccessToken)
  const by = { client: pool.clients.get(clientId), clientMetadata }
  return { CodeDeliveryDetails: codeDeliveryDetails(await sendAttributeCode(pool, user, AttributeName, by)) }
}

/** VerifyUserAttribute: the code that came. */
export async function verifyUserAttribute(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, AttributeName, Code } = readInput(input, {
    AccessToken: model.accessToken,
    AttributeName: model.attributeName,
    Code: model.confirmationCode,
  })
  const { user } = await callerOf(pool, AccessToken)
  verifyAttribute(pool, user, AttributeName, Code)
  return {}
}
