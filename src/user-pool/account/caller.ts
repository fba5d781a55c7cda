import type { CognitoIdp } from '../cognito-idp.ts'
import type { UserPoolConfiguration } from '../options.ts'

/** What the calls about an account share. */
export interface AccountParts {
  pool: UserPoolConfiguration
  idp: CognitoIdp
}

/** Whose account it is: tokens of a direct sign-in (their access token has the scope `aws.cognito.signin.user.admin`). */
export interface SignedIn {
  accessToken: string
}

/** Where a code was sent, the address masked. */
export interface CodeDelivery {
  medium?: 'SMS' | 'EMAIL'
  destination?: string
  /** `email` or `phone_number`. */
  attribute?: string
}

/** `CodeDeliveryDetails` of the API. */
export interface DeliveryDetails {
  DeliveryMedium?: 'SMS' | 'EMAIL'
  Destination?: string
  AttributeName?: string
}

export function deliveryOf({
  DeliveryMedium,
  Destination,
  AttributeName,
}: DeliveryDetails = {}): CodeDelivery {
  return {
    ...(DeliveryMedium && { medium: DeliveryMedium }),
    ...(Destination !== undefined && { destination: Destination }),
    ...(AttributeName !== undefined && { attribute: AttributeName }),
  }
}

/** `{ email: 'a@example.com' }` as the API's list of names and values. */
export function attributeList(attributes: Record<string, string> = {}): { Name: string; Value: string }[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
}

/** Whoever is not signed in is named, with the proof of the client's secret. */
export function namedUser(
  { pool, idp }: AccountParts,
  Username: string,
): { ClientId: string; Username: string; SecretHash: string | undefined } {
  return { ClientId: pool.clientId, Username, SecretHash: idp.secretHash(Username) }
}
