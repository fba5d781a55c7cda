import { createPublicKey, verify } from 'node:crypto'
import type { Passkey } from '../user-pool/passkey.ts'
import type { User } from '../user-pool/user.ts'
import { checkAuthenticatorData, checkClientData, sha256, type Expected } from './ceremony.ts'
import { credentialOf } from './credential-json.ts'
import { userHandleOf } from './options.ts'
import { PasskeyRefused, reading } from './refusal.ts'

/**
 * Takes an `AuthenticationResponseJSON` (WebAuthn, "Verifying an Authentication Assertion") of this user, and counts on. Throws
 * {@link PasskeyRefused}.
 */
export function acceptAssertion(user: User, value: unknown, expected: Expected): void {
  const credential = reading(() => credentialOf(value))
  const passkey = user.passkeys.get(credential.id)
  if (passkey?.relyingPartyId !== expected.relyingPartyId) throw new PasskeyRefused('user')
  const userHandle = reading(() => credential.optionalBytes('userHandle'))
  if (userHandle && userHandle.toString('base64url') !== userHandleOf(user)) throw new PasskeyRefused('user')
  checkClientData(credential.clientDataJSON, 'webauthn.get', expected)
  const data = reading(() => credential.bytes('authenticatorData'))
  const { signCount } = checkAuthenticatorData(data, expected)
  const signed = Buffer.concat([data, sha256(credential.clientDataJSON)])
  checkSignature(
    passkey,
    signed,
    reading(() => credential.bytes('signature')),
  )
  countOn(passkey, signCount)
}

/** ES256 signatures are in DER, RS256 is PKCS #1 v1.5: both are what Node takes by default. */
function checkSignature({ publicKey }: Passkey, signed: Buffer, signature: Buffer): void {
  const key = createPublicKey({ key: publicKey, type: 'spki', format: 'der' })
  if (!verify('sha256', signed, key, signature)) throw new PasskeyRefused('signature')
}

/** Passkeys that are synchronised between machines stay at 0. */
function countOn(passkey: Passkey, signCount: number): void {
  const counts = signCount > 0 || passkey.signCount > 0
  if (counts && signCount <= passkey.signCount) throw new PasskeyRefused('counter')
  passkey.signCount = signCount
}
