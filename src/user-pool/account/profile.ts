import {
  type AccountParts,
  attributeList,
  type CodeDelivery,
  type DeliveryDetails,
  deliveryOf,
  type SignedIn,
} from './caller.ts'

/** What Cognito knows of a user now; tokens say what it knew when they were issued. */
export interface Profile {
  username: string
  /** All as text, `email_verified` included. */
  attributes: Record<string, string>
  /** The second factors that are switched on, and the one that is asked for first. */
  mfa: { enabled: string[]; preferred?: string }
}

/** GetUser. */
export async function profile({ idp }: AccountParts, { accessToken }: SignedIn): Promise<Profile> {
  const user = await idp.call<{
    Username?: string
    UserAttributes?: { Name?: string; Value?: string }[]
    UserMFASettingList?: string[]
    PreferredMfaSetting?: string
  }>(({ GetUserCommand }) => new GetUserCommand({ AccessToken: accessToken }))
  const { Username = '', UserAttributes = [], UserMFASettingList = [], PreferredMfaSetting } = user
  return {
    username: Username,
    attributes: Object.fromEntries(UserAttributes.map(({ Name = '', Value = '' }) => [Name, Value])),
    mfa: {
      enabled: UserMFASettingList,
      ...(PreferredMfaSetting !== undefined && { preferred: PreferredMfaSetting }),
    },
  }
}

/** UpdateUserAttributes. Tells where codes were sent, for attributes that must be verified. */
export async function updateAttributes(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  attributes: Record<string, string>,
): Promise<CodeDelivery[]> {
  const input = { AccessToken: accessToken, UserAttributes: attributeList(attributes) }
  const { CodeDeliveryDetailsList = [] } = await idp.call<{ CodeDeliveryDetailsList?: DeliveryDetails[] }>(
    ({ UpdateUserAttributesCommand }) => new UpdateUserAttributesCommand(input),
  )
  return CodeDeliveryDetailsList.map(deliveryOf)
}

/** VerifyUserAttribute: with the code that came to the new address. */
export async function verifyAttribute(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  { attribute, code }: { attribute: string; code: string },
): Promise<void> {
  const input = { AccessToken: accessToken, AttributeName: attribute, Code: code }
  await idp.call(({ VerifyUserAttributeCommand }) => new VerifyUserAttributeCommand(input))
}

/** DeleteUser: the account itself, for good. */
export async function deleteUser({ idp }: AccountParts, { accessToken }: SignedIn): Promise<void> {
  await idp.call(({ DeleteUserCommand }) => new DeleteUserCommand({ AccessToken: accessToken }))
}
