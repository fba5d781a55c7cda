import { checkChangedAttributes, checkDeletedAttributes } from '../../account/attribute-rules.ts'
import { changeAttributes } from '../../account/change-attributes.ts'
import { optional } from '../../server/members.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { givenAttributes } from '../account/given-attributes.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { namedUser } from '../named-user.ts'

/** AdminUpdateUserAttributes: also whether an address is verified; otherwise a new one gets a code. */
export async function adminUpdateUserAttributes(pool: UserPool, input: Input): Promise<object> {
  const { UserAttributes, ClientMetadata: clientMetadata } = readInput(input, {
    ...model.poolAndUser,
    UserAttributes: model.attributes,
    ClientMetadata: optional(model.metadata),
  })
  const user = namedUser(pool, input)
  const given = givenAttributes(UserAttributes)
  checkChangedAttributes(pool, given, undefined)
  await changeAttributes(pool, user, given, { client: undefined, clientMetadata })
  return {}
}

/** AdminDeleteUserAttributes */
export async function adminDeleteUserAttributes(pool: UserPool, input: Input): Promise<object> {
  const { UserAttributeNames } = readInput(input, {
    ...model.poolAndUser,
    UserAttributeNames: model.attributeNames,
  })
  const user = namedUser(pool, input)
  checkDeletedAttributes(pool, UserAttributeNames, undefined)
  const empty = new Map(UserAttributeNames.map((name) => [name, '']))
  await changeAttributes(pool, user, empty, { client: undefined })
  return {}
}
