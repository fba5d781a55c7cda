import { randomToken } from '../lib/secrets.ts'
import type { Settings } from '../user-pool/settings.ts'
import type { User } from '../user-pool/user.ts'
import type { Passkey } from '../user-pool/passkey.ts'
import { algorithms } from './cose-key.ts'

/** How long the browser waits for the user. */
const timeout = 60_000

type WebAuthn = Settings['webAuthn']

/** 256 bits that an authenticator must sign, base64url. */
export function newChallenge(): string {
  return randomToken(32)
}

/** For `navigator.credentials.create()`: `PublicKeyCredentialCreationOptionsJSON`. */
export function creationOptions(user: User, challenge: string, settings: WebAuthn): object {
  const { relyingPartyId } = settings
  return {
    rp: { id: relyingPartyId, name: relyingPartyId },
    user: { id: userHandleOf(user), name: user.username, displayName: displayName(user) },
    challenge,
    pubKeyCredParams: Object.values(algorithms).map((alg) => ({ type: 'public-key', alg })),
    timeout,
    // An authenticator that holds one already is not to make another one for the same user.
    excludeCredentials: descriptors(user, settings),
    authenticatorSelection: {
      requireResidentKey: true,
      residentKey: 'required',
      userVerification: settings.userVerification,
    },
    attestation: 'none',
  }
}

/** For `navigator.credentials.get()`: `PublicKeyCredentialRequestOptionsJSON`. */
export function requestOptions(
  user: User,
  challenge: string,
  settings: WebAuthn,
  userVerification = settings.userVerification,
): object {
  const { relyingPartyId: rpId } = settings
  return { challenge, timeout, rpId, allowCredentials: descriptors(user, settings), userVerification }
}

/** How authenticators name the user: an id that says nothing to whoever finds it. */
export function userHandleOf({ sub }: User): string {
  return Buffer.from(sub).toString('base64url')
}

/** The passkeys that the pool's relying party can use: those of a former one are of no use to it. */
export function usablePasskeys(user: User, { relyingPartyId }: WebAuthn): Passkey[] {
  return [...user.passkeys.values()].filter((passkey) => passkey.relyingPartyId === relyingPartyId)
}

function descriptors(user: User, settings: WebAuthn): object[] {
  return usablePasskeys(user, settings).map(({ credentialId: id, transports }) => ({
    type: 'public-key',
    id,
    transports,
  }))
}

function displayName({ attributes, username }: User): string {
  return attributes.get('name') ?? attributes.get('email') ?? username
}
