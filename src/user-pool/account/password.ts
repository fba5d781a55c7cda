import {
  type AccountParts,
  type CodeDelivery,
  type DeliveryDetails,
  deliveryOf,
  namedUser,
  type SignedIn,
} from './caller.ts'

/** ForgotPassword: sends a code. Where the app client prevents it, the answer does not tell whether the user exists. */
export async function forgotPassword(
  parts: AccountParts,
  { username }: { username: string },
): Promise<CodeDelivery> {
  const input = namedUser(parts, username)
  const { CodeDeliveryDetails } = await parts.idp.call<{ CodeDeliveryDetails?: DeliveryDetails }>(
    ({ ForgotPasswordCommand }) => new ForgotPasswordCommand(input),
  )
  return deliveryOf(CodeDeliveryDetails)
}

/** ConfirmForgotPassword: a new password for a code. */
export async function confirmForgotPassword(
  parts: AccountParts,
  { username, code, password }: { username: string; code: string; password: string },
): Promise<void> {
  const input = { ...namedUser(parts, username), ConfirmationCode: code, Password: password }
  await parts.idp.call(({ ConfirmForgotPasswordCommand }) => new ConfirmForgotPasswordCommand(input))
}

/** ChangePassword, of a signed-in user. `previousPassword` may be absent for users who never had one. */
export async function changePassword(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  { previousPassword, proposedPassword }: { previousPassword?: string | undefined; proposedPassword: string },
): Promise<void> {
  const input = {
    AccessToken: accessToken,
    PreviousPassword: previousPassword,
    ProposedPassword: proposedPassword,
  }
  await idp.call(({ ChangePasswordCommand }) => new ChangePasswordCommand(input))
}
