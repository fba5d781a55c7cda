import { SignInError } from '../../errors.ts'
import { totpSetUp } from '../sign-in/questions.ts'
import type { AccountParts, SignedIn } from './caller.ts'

/** AssociateSoftwareToken: a new secret for an authenticator app, and the URL for its QR code. It counts only once {@link verifyTotp} has seen a code. */
export async function setUpTotp(
  { pool, idp }: AccountParts,
  { accessToken }: SignedIn,
  { username }: { username: string },
): Promise<{ secret: string; url: string }> {
  const { SecretCode = '' } = await idp.call<{ SecretCode?: string }>(
    ({ AssociateSoftwareTokenCommand }) => new AssociateSoftwareTokenCommand({ AccessToken: accessToken }),
  )
  return totpSetUp(SecretCode, username, pool.totpIssuer)
}

/**
 * VerifySoftwareToken, then SetUserMFAPreference: from now on sign-in asks for a code of the app. Throws SignInError:
 * `EnableSoftwareTokenMFAException` or `CodeMismatchException` for a wrong code.
 */
export async function verifyTotp(
  { idp }: AccountParts,
  { accessToken }: SignedIn,
  { code, deviceName }: { code: string; deviceName?: string | undefined },
): Promise<void> {
  const input = { AccessToken: accessToken, UserCode: code, FriendlyDeviceName: deviceName }
  const { Status } = await idp.call<{ Status?: string }>(
    ({ VerifySoftwareTokenCommand }) => new VerifySoftwareTokenCommand(input),
  )
  if (Status !== 'SUCCESS') throw new SignInError('CodeMismatchException', 'The code of the app is wrong.')
  await preferTotp(idp, accessToken, true)
}

/** SetUserMFAPreference: sign-in does not ask for a code of the app any more. */
export function turnOffTotp({ idp }: AccountParts, { accessToken }: SignedIn): Promise<void> {
  return preferTotp(idp, accessToken, false)
}

async function preferTotp(idp: AccountParts['idp'], accessToken: string, enabled: boolean): Promise<void> {
  const SoftwareTokenMfaSettings = { Enabled: enabled, PreferredMfa: enabled }
  await idp.call(
    ({ SetUserMFAPreferenceCommand }) =>
      new SetUserMFAPreferenceCommand({ AccessToken: accessToken, SoftwareTokenMfaSettings }),
  )
}
