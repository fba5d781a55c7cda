import { acceptRegistration, type NewPasskey } from '../passkeys/registration.ts'
import { creationOptions, newChallenge } from '../passkeys/options.ts'
import { PasskeyRefused, type PasskeyFault } from '../passkeys/refusal.ts'
import { optional, string } from '../server/members.ts'
import { ServiceError } from '../server/service-error.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { passkeysPerUser, type Passkey } from '../user-pool/passkey.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { page } from './page.ts'

/** How long a challenge of a registration waits for its answer, in seconds: as long as an authorization code. */
const registrationSeconds = 300

/** StartWebAuthnRegistration: what the browser needs to make a passkey, in the JSON form of WebAuthn. */
export async function startWebAuthnRegistration(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user, clientId } = await callerOf(pool, AccessToken)
  checkEnabled(pool)
  checkRoom(user)
  const challenge = newChallenge()
  pool.passkeyRegistrations.set(user.sub, { challenge, clientId }, registrationSeconds)
  return { CredentialCreationOptions: creationOptions(user, challenge, pool.settings.webAuthn) }
}

/** CompleteWebAuthnRegistration: the passkey that the browser made, checked whole. Each challenge is answered once. */
export async function completeWebAuthnRegistration(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user, clientId } = await callerOf(pool, AccessToken)
  checkEnabled(pool)
  const pending = pool.passkeyRegistrations.get(user.sub)
  if (!pending) throw refusal('challenge')
  if (pending.clientId !== clientId) {
    throw new ServiceError(
      'WebAuthnClientMismatchException',
      'The passkey registration was started by another client.',
    )
  }
  pool.passkeyRegistrations.delete(user.sub)
  checkRoom(user)
  const { webAuthn } = pool.settings
  const made = accept(input['Credential'], { challenge: pending.challenge, ...webAuthn })
  if (ownerOf(pool, made.id)) throw invalidParameter('The passkey is registered already.')
  user.passkeys.set(made.id, passkeyOf(made, user, pool))
  return {}
}

/** ListWebAuthnCredentials: in the order in which they were made, in pages. */
export async function listWebAuthnCredentials(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, MaxResults, NextToken } = readInput(input, {
    AccessToken: model.accessToken,
    MaxResults: optional(model.passkeysAtOnce),
    NextToken: optional(model.nextToken),
  })
  const { user } = await callerOf(pool, AccessToken)
  // 0 means the default, as absence does.
  const { entries, next } = page([...user.passkeys.values()], MaxResults || passkeysPerUser, NextToken)
  return { Credentials: entries.map(description), NextToken: next }
}

/** DeleteWebAuthnCredential: nobody signs in with it any more. */
export async function deleteWebAuthnCredential(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken, CredentialId } = readInput(input, {
    AccessToken: model.accessToken,
    CredentialId: string({}),
  })
  const { user } = await callerOf(pool, AccessToken)
  if (!user.passkeys.delete(CredentialId)) {
    throw new ServiceError('ResourceNotFoundException', 'Passkey does not exist.')
  }
  return {}
}

function checkEnabled({ settings }: UserPool): void {
  if (settings.allowedFirstAuthFactors.includes('WEB_AUTHN')) return
  throw new ServiceError('WebAuthnNotEnabledException', 'Passkeys are not enabled for the user pool.')
}

function checkRoom({ passkeys }: User): void {
  if (passkeys.size < passkeysPerUser) return
  throw new ServiceError('LimitExceededException', `A user can have ${passkeysPerUser} passkeys at most.`)
}

function accept(credential: unknown, expected: Parameters<typeof acceptRegistration>[1]): NewPasskey {
  try {
    return acceptRegistration(credential, expected)
  } catch (error) {
    throw error instanceof PasskeyRefused ? refusal(error.why) : error
  }
}

/** Names of the API; their words are ours. */
const refusals: Partial<Record<PasskeyFault, [type: string, message: string]>> = {
  challenge: [
    'WebAuthnChallengeNotFoundException',
    'The passkey registration has expired or was not started.',
  ],
  origin: [
    'WebAuthnOriginNotAllowedException',
    'The origin does not belong to the relying party of the user pool.',
  ],
  'relying party': ['WebAuthnRelyingPartyMismatchException', 'The passkey is for another relying party.'],
  unsupported: ['WebAuthnCredentialNotSupportedException', 'The passkey is of a kind that is not supported.'],
}

function refusal(why: PasskeyFault): ServiceError {
  const [type, message] = refusals[why] ?? [
    'InvalidParameterException',
    'The passkey credential is not valid.',
  ]
  return new ServiceError(type, message)
}

/** A credential id is anybody's once only (WebAuthn, "Registering a New Credential"). */
function ownerOf(pool: UserPool, credentialId: string): User | undefined {
  return pool.users.all().find(({ passkeys }) => passkeys.has(credentialId))
}

function passkeyOf(made: NewPasskey, user: User, { settings, clock }: UserPool): Passkey {
  const { id: credentialId, publicKey, signCount, authenticatorAttachment, transports } = made
  return {
    credentialId,
    name: `Passkey ${user.passkeys.size + 1}`,
    relyingPartyId: settings.webAuthn.relyingPartyId,
    publicKey,
    signCount,
    authenticatorAttachment,
    transports,
    createdAt: clock.now() / 1000,
  }
}

function description(passkey: Passkey): object {
  return {
    CredentialId: passkey.credentialId,
    FriendlyCredentialName: passkey.name,
    RelyingPartyId: passkey.relyingPartyId,
    AuthenticatorAttachment: passkey.authenticatorAttachment,
    AuthenticatorTransports: passkey.transports,
    CreatedAt: passkey.createdAt,
  }
}
