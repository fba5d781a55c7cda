import { standardAttributeNames, type AttributeSchema, type Schema } from '../../user-pool/attributes.ts'
import type { Settings } from '../../user-pool/settings.ts'

/** The settings of a pool as the API describes them. Lists are absent rather than empty. */
export function settingsOutput(settings: Settings): object {
  const list = (entries: readonly string[]) => (entries.length > 0 ? entries : undefined)
  const { deviceConfiguration: devices } = settings
  return {
    UsernameAttributes: list(settings.usernameAttributes),
    AliasAttributes: list(settings.aliasAttributes),
    UsernameConfiguration: { CaseSensitive: settings.caseSensitive },
    AutoVerifiedAttributes: list(settings.autoVerifiedAttributes),
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate: settings.attributesRequireVerificationBeforeUpdate,
    },
    MfaConfiguration: settings.mfaConfiguration,
    DeviceConfiguration: devices && {
      ChallengeRequiredOnNewDevice: devices.challengeRequiredOnNewDevice,
      DeviceOnlyRememberedOnUserPrompt: devices.deviceOnlyRememberedOnUserPrompt,
    },
    Policies: policies(settings),
    AdminCreateUserConfig: {
      AllowAdminCreateUserOnly: settings.allowAdminCreateUserOnly,
      UnusedAccountValidityDays: settings.passwordPolicy.temporaryPasswordValidityDays,
    },
    AccountRecoverySetting: {
      RecoveryMechanisms: settings.recoveryMechanisms.map((Name, index) => ({ Name, Priority: index + 1 })),
    },
    SchemaAttributes: schemaAttributes(settings.schema),
  }
}

function policies({ passwordPolicy: policy, allowedFirstAuthFactors }: Settings): object {
  return {
    PasswordPolicy: {
      MinimumLength: policy.minimumLength,
      RequireUppercase: policy.requireUppercase,
      RequireLowercase: policy.requireLowercase,
      RequireNumbers: policy.requireNumbers,
      RequireSymbols: policy.requireSymbols,
      TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays,
      PasswordHistorySize: policy.passwordHistorySize > 0 ? policy.passwordHistorySize : undefined,
    },
    SignInPolicy: { AllowedFirstAuthFactors: allowedFirstAuthFactors },
  }
}

/** `sub`, the standard attributes, and those that the pool describes. */
function schemaAttributes({ attributes }: Schema): object[] {
  const sub = { attributeDataType: 'String', mutable: false, required: true, min: 1, max: 2048 } as const
  const standard = standardAttributeNames.map((name) => [name, standardSchema(name)] as const)
  return [...new Map([['sub', sub] as const, ...standard, ...attributes])].map(([name, attribute]) =>
    schemaAttribute(name, attribute),
  )
}

function standardSchema(name: string): AttributeSchema {
  const base = { mutable: true, required: false, min: undefined, max: undefined }
  if (name.endsWith('_verified')) return { ...base, attributeDataType: 'Boolean' }
  if (name === 'updated_at') return { ...base, attributeDataType: 'Number', min: 0 }
  return name === 'birthdate'
    ? { ...base, attributeDataType: 'String', min: 10, max: 10 }
    : { ...base, attributeDataType: 'String', min: 0, max: 2048 }
}

/** The API has these numbers as strings. */
function schemaAttribute(
  name: string,
  { attributeDataType, mutable, required, min, max }: AttributeSchema,
): object {
  const text = (limit: number | undefined) => (limit === undefined ? undefined : String(limit))
  return {
    Name: name,
    AttributeDataType: attributeDataType,
    DeveloperOnlyAttribute: false,
    Mutable: mutable,
    Required: required,
    StringAttributeConstraints:
      attributeDataType === 'String' ? { MinLength: text(min), MaxLength: text(max) } : undefined,
    NumberAttributeConstraints:
      attributeDataType === 'Number' ? { MinValue: text(min), MaxValue: text(max) } : undefined,
  }
}
