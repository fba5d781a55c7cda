import type { Values } from '../../server/members.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import { webAuthnFrom } from '../../options/passkey-options.ts'
import type { Contact } from '../../user-pool/attributes.ts'
import type { Mfa } from '../../user-pool/mfa.ts'
import type { PasswordPolicy } from '../../user-pool/password.ts'
import type { FirstFactor, RecoveryOption, Settings } from '../../user-pool/settings.ts'
import type { newPoolMembers, poolMembers } from './pool-members.ts'
import { poolSchemaFrom } from './pool-schema.ts'

export type GivenPool = Values<typeof poolMembers>
export type GivenNewPool = Values<typeof newPoolMembers>

/** What an administrator can change of a pool. */
export type ChangeableSettings = Omit<
  Settings,
  | 'usernameAttributes'
  | 'aliasAttributes'
  | 'caseSensitive'
  | 'schema'
  | 'webAuthn'
  | 'resourceServers'
  | 'identityProviders'
  | 'triggers'
>

/** The settings of a new pool, with the defaults of the API. */
export function newPoolSettings(given: GivenNewPool): Settings {
  const { UsernameAttributes = [], AliasAttributes = [] } = given
  if (UsernameAttributes.length > 0 && AliasAttributes.length > 0) {
    throw invalidParameter('Only one of aliasAttributes or usernameAttributes can be set in a user pool.')
  }
  return {
    ...changeableSettings(given, []),
    usernameAttributes: UsernameAttributes as Contact[],
    aliasAttributes: AliasAttributes as Settings['aliasAttributes'],
    caseSensitive: given.UsernameConfiguration?.CaseSensitive ?? true,
    schema: poolSchemaFrom(given.Schema),
    webAuthn: webAuthnFrom('webAuthnConfiguration'),
    resourceServers: new Map(),
    identityProviders: new Map(),
    triggers: {},
  }
}

/** What is left out goes back to the default of the API. `enabledMfas`: those that the pool has so far. */
export function changeableSettings(given: GivenPool, enabledMfas: readonly Mfa[]): ChangeableSettings {
  const autoVerifiedAttributes = (given.AutoVerifiedAttributes ?? []) as Contact[]
  const devices = given.DeviceConfiguration
  return {
    autoVerifiedAttributes,
    attributesRequireVerificationBeforeUpdate: verifiedBeforeUpdate(given, autoVerifiedAttributes),
    ...mfa(given, enabledMfas),
    deviceConfiguration: devices && {
      challengeRequiredOnNewDevice: devices.ChallengeRequiredOnNewDevice ?? false,
      deviceOnlyRememberedOnUserPrompt: devices.DeviceOnlyRememberedOnUserPrompt ?? false,
    },
    passwordPolicy: passwordPolicy(given),
    allowedFirstAuthFactors: firstFactorsFrom(given),
    recoveryMechanisms: recovery(given),
    deletionProtection: given.DeletionProtection === 'ACTIVE',
    allowAdminCreateUserOnly: given.AdminCreateUserConfig?.AllowAdminCreateUserOnly ?? false,
  }
}

function verifiedBeforeUpdate(given: GivenPool, autoVerified: readonly Contact[]): Contact[] {
  const names = (given.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ??
    []) as Contact[]
  if (names.every((name) => autoVerified.includes(name))) return names
  throw invalidParameter(
    'Attributes that require verification before update must be among the auto-verified attributes.',
  )
}

/** Text messages are the factor that comes with a pool; the others are switched on by SetUserPoolMfaConfig. */
function mfa(given: GivenPool, enabled: readonly Mfa[]): Pick<Settings, 'mfaConfiguration' | 'enabledMfas'> {
  const mfaConfiguration = (given.MfaConfiguration ?? 'OFF') as Settings['mfaConfiguration']
  if (mfaConfiguration === 'OFF') return { mfaConfiguration, enabledMfas: [] }
  const enabledMfas = new Set<Mfa>([...enabled, ...(given.SmsConfiguration ? (['SMS_MFA'] as const) : [])])
  if (enabledMfas.size > 0) return { mfaConfiguration, enabledMfas: [...enabledMfas] }
  throw invalidParameter('SMS configuration is required when MFA is required or optional.')
}

/** A policy that is given demands nothing that it does not name. */
function passwordPolicy({ Policies, AdminCreateUserConfig }: GivenPool): PasswordPolicy {
  const policy = Policies?.PasswordPolicy
  const rule = (value: boolean | undefined) => (policy ? (value ?? false) : true)
  return {
    minimumLength: policy?.MinimumLength ?? 8,
    requireLowercase: rule(policy?.RequireLowercase),
    requireUppercase: rule(policy?.RequireUppercase),
    requireNumbers: rule(policy?.RequireNumbers),
    requireSymbols: rule(policy?.RequireSymbols),
    temporaryPasswordValidityDays:
      policy?.TemporaryPasswordValidityDays ?? AdminCreateUserConfig?.UnusedAccountValidityDays ?? 7,
    passwordHistorySize: policy?.PasswordHistorySize ?? 0,
  }
}

function firstFactorsFrom({ Policies }: GivenPool): FirstFactor[] {
  const factors = (Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? ['PASSWORD']) as FirstFactor[]
  if (factors.includes('PASSWORD')) return factors
  throw invalidParameter('PASSWORD must be among the allowed first authentication factors.')
}

function recovery({ AccountRecoverySetting }: GivenPool): RecoveryOption[] {
  const mechanisms = AccountRecoverySetting?.RecoveryMechanisms
  if (!mechanisms) return ['verified_email', 'verified_phone_number']
  const names = mechanisms.toSorted((one, other) => one.Priority - other.Priority).map(({ Name }) => Name)
  return names as RecoveryOption[]
}
