import {
  firstFactors,
  recoveryOptions,
  type FirstFactor,
  type RecoveryOption,
  type Settings,
} from '../user-pool/settings.ts'
import { mfas, type Mfa } from '../user-pool/mfa.ts'
import type { LocalTriggers } from '../user-pool/triggers.ts'
import { triggerNames } from '../user-pool/trigger-names.ts'
import { contactsFrom } from './contact-options.ts'
import * as check from './option-checks.ts'
import { identityProvidersFrom, type LocalIdentityProvider } from './identity-provider-options.ts'
import { webAuthnFrom, type LocalWebAuthnConfiguration } from './passkey-options.ts'
import { passwordPolicyFrom, type LocalPasswordPolicy } from './password-policy-options.ts'
import { resourceServersFrom, type LocalResourceServer } from './resource-server-options.ts'
import { schemaFrom, type LocalAttribute } from './schema-options.ts'

/** What holds for the whole user pool. The names are those of Cognito's API and of CloudFormation. */
export interface LocalUserPool {
  /** Users sign in with these instead of a name; their internal name is then `sub`. Excludes `aliasAttributes`. */
  usernameAttributes?: ('email' | 'phone_number')[] | undefined
  /** What users may sign in with beside their name, once it is verified. */
  aliasAttributes?: ('email' | 'phone_number' | 'preferred_username')[] | undefined
  /** Default `{ caseSensitive: true }`, as in pools made through the API. */
  usernameConfiguration?: { caseSensitive?: boolean | undefined } | undefined
  /** Attributes with rules. Without it, every `custom:…` exists; with it, only those that it names. */
  schema?: LocalAttribute[] | undefined
  /** What a code is sent to at sign-up. Default `['email']`. */
  autoVerifiedAttributes?: ('email' | 'phone_number')[] | undefined
  /** What keeps its old value until the code that was sent to the new one is typed. Default none. */
  userAttributeUpdateSettings?:
    { attributesRequireVerificationBeforeUpdate?: ('email' | 'phone_number')[] | undefined } | undefined
  /** Default `OFF`. */
  mfaConfiguration?: 'OFF' | 'ON' | 'OPTIONAL' | undefined
  /** The second factors of the pool. Default: authenticator apps, where `mfaConfiguration` is not `OFF`. */
  enabledMfas?: Mfa[] | undefined
  /** Present = devices are tracked: refresh tokens of the API need a `DEVICE_KEY`. */
  deviceConfiguration?:
    | {
        challengeRequiredOnNewDevice?: boolean | undefined
        deviceOnlyRememberedOnUserPrompt?: boolean | undefined
      }
    | undefined
  policies?:
    | {
        passwordPolicy?: LocalPasswordPolicy | undefined
        /** First factors of `USER_AUTH`. Default `['PASSWORD']`, which is always among them. */
        signInPolicy?: { allowedFirstAuthFactors?: FirstFactor[] | undefined } | undefined
      }
    | undefined
  /** How passkeys are made and used. */
  webAuthnConfiguration?: LocalWebAuthnConfiguration | undefined
  adminCreateUserConfig?: { allowAdminCreateUserOnly?: boolean | undefined } | undefined
  /** Default: e-mail, then phone. */
  accountRecoverySetting?:
    { recoveryMechanisms?: { name: RecoveryOption; priority: number }[] | undefined } | undefined
  resourceServers?: LocalResourceServer[] | undefined
  /** Who else vouches for users. */
  identityProviders?: LocalIdentityProvider[] | undefined
  /** The Lambda triggers, as functions. */
  triggers?: LocalTriggers | undefined
}

const known: (keyof LocalUserPool)[] = [
  'usernameAttributes',
  'aliasAttributes',
  'usernameConfiguration',
  'schema',
  'autoVerifiedAttributes',
  'userAttributeUpdateSettings',
  'mfaConfiguration',
  'enabledMfas',
  'deviceConfiguration',
  'policies',
  'webAuthnConfiguration',
  'adminCreateUserConfig',
  'accountRecoverySetting',
  'resourceServers',
  'identityProviders',
  'triggers',
]

/** Checks `userPool`; `option` is its name in messages. */
export function settingsFrom(option: string, given: unknown = {}): Settings {
  const pool: Given = { option, members: check.checkObject(option, given, known) }
  const policies = section(pool, 'policies', ['passwordPolicy', 'signInPolicy'])
  const { caseSensitive } = section(pool, 'usernameConfiguration', ['caseSensitive'])
  const { allowAdminCreateUserOnly } = section(pool, 'adminCreateUserConfig', ['allowAdminCreateUserOnly'])
  const { members } = pool
  const schema = schemaFrom(`${option}.schema`, members['schema'])
  return {
    ...contactsFrom(option, members),
    caseSensitive: check.checkBoolean(`${option}.usernameConfiguration.caseSensitive`, caseSensitive, true),
    schema,
    ...mfa(pool),
    deviceConfiguration: devices(pool),
    passwordPolicy: passwordPolicyFrom(`${option}.policies.passwordPolicy`, policies['passwordPolicy']),
    allowedFirstAuthFactors: factors(`${option}.policies.signInPolicy`, policies['signInPolicy']),
    webAuthn: webAuthnFrom(`${option}.webAuthnConfiguration`, members['webAuthnConfiguration']),
    recoveryMechanisms: recovery(pool),
    deletionProtection: false,
    allowAdminCreateUserOnly: check.checkBoolean(
      `${option}.adminCreateUserConfig.allowAdminCreateUserOnly`,
      allowAdminCreateUserOnly,
      false,
    ),
    resourceServers: resourceServersFrom(`${option}.resourceServers`, members['resourceServers']),
    identityProviders: identityProvidersFrom(
      `${option}.identityProviders`,
      members['identityProviders'],
      schema,
    ),
    triggers: triggers(`${option}.triggers`, members['triggers']),
  }
}

/** The option as given, and its name. */
interface Given {
  option: string
  members: Record<string, unknown>
}

/** A member that is an object of members, absent = empty. */
function section({ option, members }: Given, name: string, known: string[]): Record<string, unknown> {
  return check.checkObject(`${option}.${name}`, members[name] ?? {}, known)
}

function mfa({ option, members }: Given): Pick<Settings, 'mfaConfiguration' | 'enabledMfas'> {
  const mfaConfiguration = check.checkOneOf(
    `${option}.mfaConfiguration`,
    members['mfaConfiguration'] ?? 'OFF',
    ['OFF', 'ON', 'OPTIONAL'],
  )
  const given = members['enabledMfas']
  if (mfaConfiguration === 'OFF') {
    if (given !== undefined) check.refuse(`${option}.enabledMfas`, 'absent where mfaConfiguration is OFF')
    return { mfaConfiguration, enabledMfas: [] }
  }
  const enabledMfas = check.checkWords(`${option}.enabledMfas`, given ?? ['SOFTWARE_TOKEN_MFA'], mfas)
  if (enabledMfas.length === 0) check.refuse(`${option}.enabledMfas`, 'an array that is not empty')
  return { mfaConfiguration, enabledMfas }
}

function devices(pool: Given): Settings['deviceConfiguration'] {
  if (pool.members['deviceConfiguration'] === undefined) return undefined
  const members = ['challengeRequiredOnNewDevice', 'deviceOnlyRememberedOnUserPrompt'] as const
  const given = section(pool, 'deviceConfiguration', [...members])
  const [challengeRequiredOnNewDevice, deviceOnlyRememberedOnUserPrompt] = members.map((name) =>
    check.checkBoolean(`${pool.option}.deviceConfiguration.${name}`, given[name], false),
  ) as [boolean, boolean]
  return { challengeRequiredOnNewDevice, deviceOnlyRememberedOnUserPrompt }
}

function factors(option: string, signInPolicy: unknown = {}): FirstFactor[] {
  const { allowedFirstAuthFactors } = check.checkObject(option, signInPolicy, ['allowedFirstAuthFactors'])
  const factors = check.checkWords(
    `${option}.allowedFirstAuthFactors`,
    allowedFirstAuthFactors ?? ['PASSWORD'],
    firstFactors,
  )
  if (!factors.includes('PASSWORD'))
    check.refuse(`${option}.allowedFirstAuthFactors`, 'an array with PASSWORD in it')
  return factors
}

function recovery(pool: Given): RecoveryOption[] {
  const { recoveryMechanisms } = section(pool, 'accountRecoverySetting', ['recoveryMechanisms'])
  if (recoveryMechanisms === undefined) return ['verified_email', 'verified_phone_number']
  const option = `${pool.option}.accountRecoverySetting.recoveryMechanisms`
  return check
    .checkArray(option, recoveryMechanisms, 1)
    .map((entry, index) => {
      const { name, priority } = check.checkObject(`${option}[${index}]`, entry, ['name', 'priority'])
      return {
        name: check.checkOneOf(`${option}[${index}].name`, name, recoveryOptions),
        priority: check.checkInteger(`${option}[${index}].priority`, priority, { min: 1, max: 2 }),
      }
    })
    .sort((one, other) => one.priority - other.priority)
    .map(({ name }) => name)
}

function triggers(option: string, given: unknown = {}): LocalTriggers {
  const triggers = check.checkObject(option, given, [...triggerNames, 'preTokenGenerationVersion'])
  for (const name of triggerNames) {
    if (triggers[name] !== undefined && typeof triggers[name] !== 'function') {
      check.refuse(`${option}.${name}`, 'a function that takes an event and gives it back')
    }
  }
  const { preTokenGenerationVersion: version = 'V2_0' } = triggers
  check.checkOneOf(`${option}.preTokenGenerationVersion`, version, ['V1_0', 'V2_0', 'V3_0'])
  return { ...triggers, preTokenGenerationVersion: version } as LocalTriggers
}
