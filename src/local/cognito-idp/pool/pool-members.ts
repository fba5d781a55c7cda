import { boolean, integer, list, optional, string, structure, stringMap } from '../../server/members.ts'
import { attributeDataTypes } from '../../user-pool/attributes.ts'
import { firstFactors, recoveryOptions } from '../../user-pool/settings.ts'

const words = (values: readonly string[], max = values.length) =>
  optional(list(string({ values }), { min: 0, max }))
const contacts = ['phone_number', 'email']
const flag = optional(boolean)
const numberText = optional(string({ max: 131_072 }))

const passwordPolicy = structure({
  MinimumLength: optional(integer({ min: 6, max: 99 })),
  RequireUppercase: flag,
  RequireLowercase: flag,
  RequireNumbers: flag,
  RequireSymbols: flag,
  PasswordHistorySize: optional(integer({ min: 0, max: 24 })),
  TemporaryPasswordValidityDays: optional(integer({ min: 0, max: 365 })),
})

const attribute = structure({
  Name: string({ min: 1, max: 20, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' }),
  AttributeDataType: optional(string({ values: attributeDataTypes })),
  Mutable: flag,
  Required: flag,
  StringAttributeConstraints: optional(structure({ MinLength: numberText, MaxLength: numberText })),
  NumberAttributeConstraints: optional(structure({ MinValue: numberText, MaxValue: numberText })),
})

export const poolName = string({ min: 1, max: 128, pattern: '[\\w\\s+=,.@-]+' })

/** What CreateUserPool and UpdateUserPool say about a pool, as far as this server does anything about it. */
export const poolMembers = {
  Policies: optional(
    structure({
      PasswordPolicy: optional(passwordPolicy),
      SignInPolicy: optional(structure({ AllowedFirstAuthFactors: words(firstFactors) })),
    }),
  ),
  DeletionProtection: optional(string({ values: ['ACTIVE', 'INACTIVE'] })),
  LambdaConfig: optional(structure({})),
  AutoVerifiedAttributes: words(contacts),
  MfaConfiguration: optional(string({ values: ['OFF', 'ON', 'OPTIONAL'] })),
  SmsConfiguration: optional(structure({})),
  UserAttributeUpdateSettings: optional(
    structure({ AttributesRequireVerificationBeforeUpdate: words(contacts) }),
  ),
  DeviceConfiguration: optional(
    structure({ ChallengeRequiredOnNewDevice: flag, DeviceOnlyRememberedOnUserPrompt: flag }),
  ),
  AdminCreateUserConfig: optional(
    structure({
      AllowAdminCreateUserOnly: flag,
      UnusedAccountValidityDays: optional(integer({ min: 0, max: 365 })),
    }),
  ),
  AccountRecoverySetting: optional(
    structure({
      RecoveryMechanisms: optional(
        list(
          structure({
            Priority: integer({ min: 1, max: 2 }),
            Name: string({ values: recoveryOptions }),
          }),
          { min: 1, max: 2 },
        ),
      ),
    }),
  ),
  UserPoolTags: optional(
    stringMap({
      max: Number.MAX_SAFE_INTEGER,
      keys: { min: 1, max: 128 },
      values: { min: 0, max: 256 },
    }),
  ),
  UserPoolTier: optional(string({ values: ['LITE', 'ESSENTIALS', 'PLUS'] })),
}

/** What only CreateUserPool says: it cannot be changed later. */
export const newPoolMembers = {
  ...poolMembers,
  PoolName: poolName,
  AliasAttributes: words(['phone_number', 'email', 'preferred_username']),
  UsernameAttributes: words(contacts),
  UsernameConfiguration: optional(structure({ CaseSensitive: boolean })),
  Schema: optional(list(attribute, { min: 1, max: 50 })),
}
