import { createHash } from 'node:crypto'
import { equalSecrets } from '../lib/secrets.ts'
import { authenticatorDataOf, type AuthenticatorData } from './authenticator-data.ts'
import { belongsTo, clientDataOf } from './client-data.ts'
import { PasskeyRefused, reading } from './refusal.ts'

/** What both ceremonies of WebAuthn, making a passkey and using it, demand. */
export interface Expected {
  challenge: string
  relyingPartyId: string
  userVerification: 'preferred' | 'required'
}

/** Checks what the browser says of a ceremony. Throws {@link PasskeyRefused}. */
export function checkClientData(
  bytes: Buffer,
  type: 'webauthn.create' | 'webauthn.get',
  { challenge, relyingPartyId }: Expected,
): void {
  const data = reading(() => clientDataOf(bytes))
  if (data.type !== type) throw new PasskeyRefused('malformed')
  if (!equalSecrets(data.challenge, challenge)) throw new PasskeyRefused('challenge')
  // A page in a frame of another site's page could be laid under a button of that one.
  if (!belongsTo(data.origin, relyingPartyId) || data.crossOrigin) throw new PasskeyRefused('origin')
}

/** Checks what the authenticator says of itself. Throws {@link PasskeyRefused}. */
export function checkAuthenticatorData(bytes: Buffer, expected: Expected): AuthenticatorData {
  const data = reading(() => authenticatorDataOf(bytes))
  if (!data.rpIdHash.equals(sha256(expected.relyingPartyId))) throw new PasskeyRefused('relying party')
  if (!data.userPresent) throw new PasskeyRefused('malformed')
  if (expected.userVerification === 'required' && !data.userVerified) throw new PasskeyRefused('unsupported')
  return data
}

export function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
