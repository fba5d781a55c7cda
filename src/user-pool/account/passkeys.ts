import type { AccountParts, SignedIn } from './caller.ts'

/** A passkey in a user's list. */
export interface Passkey {
  credentialId: string
  name?: string
  relyingPartyId?: string
  createdAt?: Date
}

interface CredentialRecord {
  CredentialId?: string
  FriendlyCredentialName?: string
  RelyingPartyId?: string
  CreatedAt?: Date
}

/** StartWebAuthnRegistration: options for `navigator.credentials.create()`, in the JSON form of WebAuthn. */
export async function startPasskey(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
): Promise<Record<string, unknown>> {
  const { CredentialCreationOptions } = await idp.call<{
    CredentialCreationOptions?: Record<string, unknown>
  }>(
    ({ StartWebAuthnRegistrationCommand }) =>
      new StartWebAuthnRegistrationCommand({ AccessToken: accessToken }),
  )
  return { ...CredentialCreationOptions }
}

/** CompleteWebAuthnRegistration, with what the browser made of the options. */
export async function completePasskey(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  credential: object,
): Promise<void> {
  const input = { AccessToken: accessToken, Credential: credential as never }
  await idp.call(({ CompleteWebAuthnRegistrationCommand }) => new CompleteWebAuthnRegistrationCommand(input))
}

/** ListWebAuthnCredentials: at most twenty. */
export async function listPasskeys({ idp }: AccountParts, { accessToken }: SignedIn): Promise<Passkey[]> {
  const { Credentials = [] } = await idp.call<{ Credentials?: CredentialRecord[] }>(
    ({ ListWebAuthnCredentialsCommand }) =>
      new ListWebAuthnCredentialsCommand({ AccessToken: accessToken, MaxResults: 20 }),
  )
  return Credentials.map(({ CredentialId = '', FriendlyCredentialName, RelyingPartyId, CreatedAt }) => ({
    credentialId: CredentialId,
    ...(FriendlyCredentialName !== undefined && { name: FriendlyCredentialName }),
    ...(RelyingPartyId !== undefined && { relyingPartyId: RelyingPartyId }),
    ...(CreatedAt && { createdAt: CreatedAt }),
  }))
}

/** DeleteWebAuthnCredential. */
export async function deletePasskey(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  credentialId: string,
): Promise<void> {
  const input = { AccessToken: accessToken, CredentialId: credentialId }
  await idp.call(({ DeleteWebAuthnCredentialCommand }) => new DeleteWebAuthnCredentialCommand(input))
}
