import type { KeyObject } from 'node:crypto'
import { decodeCbor } from './cbor.ts'
import { checkAuthenticatorData, checkClientData, type Expected } from './ceremony.ts'
import { publicKeyOf } from './cose-key.ts'
import type { AuthenticatorData } from './authenticator-data.ts'
import { credentialOf, type CredentialJson } from './credential-json.ts'
import { PasskeyRefused, reading } from './refusal.ts'

/** A passkey that was just made. */
export interface NewPasskey extends Pick<CredentialJson, 'id' | 'transports' | 'authenticatorAttachment'> {
  /** SubjectPublicKeyInfo, in DER. */
  publicKey: Buffer
  signCount: number
}

/**
 * Takes a `RegistrationResponseJSON` (WebAuthn, "Registering a New Credential"). Attestation is not asked for, so that the only
 * statement is the empty one. Throws {@link PasskeyRefused}.
 */
export function acceptRegistration(value: unknown, expected: Expected): NewPasskey {
  const credential = reading(() => credentialOf(value))
  checkClientData(credential.clientDataJSON, 'webauthn.create', expected)
  const bytes = authenticatorDataIn(reading(() => credential.bytes('attestationObject')))
  const { credential: attested, signCount } = checkAuthenticatorData(bytes, expected)
  if (attested?.id.toString('base64url') !== credential.id) throw new PasskeyRefused('malformed')
  const key = keyOf(attested)
  return {
    id: credential.id,
    transports: credential.transports,
    authenticatorAttachment: credential.authenticatorAttachment,
    publicKey: key.export({ type: 'spki', format: 'der' }),
    signCount,
  }
}

function authenticatorDataIn(attestationObject: Buffer): Buffer {
  const { fmt, statement, authData } = reading(() => {
    const { value, length } = decodeCbor(attestationObject)
    if (!(value instanceof Map) || length !== attestationObject.length) throw new TypeError('no attestation')
    return { fmt: value.get('fmt'), statement: value.get('attStmt'), authData: value.get('authData') }
  })
  if (!Buffer.isBuffer(authData) || !(statement instanceof Map)) throw new PasskeyRefused('malformed')
  if (fmt !== 'none') throw new PasskeyRefused('unsupported')
  if (statement.size > 0) throw new PasskeyRefused('malformed')
  return authData
}

function keyOf({ publicKey }: NonNullable<AuthenticatorData['credential']>): KeyObject {
  const key = reading(() => publicKeyOf(publicKey))
  if (!key) throw new PasskeyRefused('unsupported')
  return key
}
