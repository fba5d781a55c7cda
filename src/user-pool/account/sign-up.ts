import {
  type AccountParts,
  attributeList,
  type CodeDelivery,
  type DeliveryDetails,
  deliveryOf,
  namedUser,
} from './caller.ts'

/** What {@link signUp} takes. */
export interface SignUpOptions {
  username: string
  /** Not needed where the pool lets people sign in without one. */
  password?: string | undefined
  /** Standard and `custom:` attributes, all as text. */
  attributes?: Record<string, string> | undefined
  clientMetadata?: Record<string, string> | undefined
}

/** A new account: until it is confirmed nobody can sign in to it. */
export interface SignUpResult {
  sub: string
  confirmed: boolean
  /** Where the confirmation code went, if one was sent. */
  delivery?: CodeDelivery
}

/** SignUp. Throws SignInError: `UsernameExistsException` and `InvalidPasswordException` above all. */
export async function signUp(
  parts: AccountParts,
  { username, password, attributes, clientMetadata }: SignUpOptions,
): Promise<SignUpResult> {
  const input = {
    ...namedUser(parts, username),
    Password: password,
    UserAttributes: attributeList(attributes),
    ClientMetadata: clientMetadata,
  }
  const {
    UserSub = '',
    UserConfirmed = false,
    CodeDeliveryDetails,
  } = await parts.idp.call<{
    UserSub?: string
    UserConfirmed?: boolean
    CodeDeliveryDetails?: DeliveryDetails
  }>(({ SignUpCommand }) => new SignUpCommand(input))
  return {
    sub: UserSub,
    confirmed: UserConfirmed,
    ...(CodeDeliveryDetails && { delivery: deliveryOf(CodeDeliveryDetails) }),
  }
}

/** ConfirmSignUp. Throws SignInError: `CodeMismatchException`, `ExpiredCodeException`. */
export async function confirmSignUp(
  parts: AccountParts,
  { username, code }: { username: string; code: string },
): Promise<void> {
  const input = { ...namedUser(parts, username), ConfirmationCode: code }
  await parts.idp.call(({ ConfirmSignUpCommand }) => new ConfirmSignUpCommand(input))
}

/** ResendConfirmationCode. */
export async function resendCode(
  parts: AccountParts,
  { username }: { username: string },
): Promise<CodeDelivery> {
  const input = namedUser(parts, username)
  const { CodeDeliveryDetails } = await parts.idp.call<{ CodeDeliveryDetails?: DeliveryDetails }>(
    ({ ResendConfirmationCodeCommand }) => new ResendConfirmationCodeCommand(input),
  )
  return deliveryOf(CodeDeliveryDetails)
}
