import type { Schema } from './attributes.ts'
import type { IdentityProvider } from './identity-providers.ts'
import type { Mfa } from './mfa.ts'
import type { PasswordPolicy } from './password.ts'
import type { LocalTriggers } from './triggers.ts'

/** First factors of choice-based sign-in (`USER_AUTH`). */
export const firstFactors = ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const

export type FirstFactor = (typeof firstFactors)[number]

/** A way to get back into an account. */
export const recoveryOptions = ['verified_email', 'verified_phone_number', 'admin_only'] as const

export type RecoveryOption = (typeof recoveryOptions)[number]

/** An API that access tokens are for, with its scopes: `identifier/scopeName`. */
export interface ResourceServer {
  identifier: string
  name: string
  scopes: { scopeName: string; scopeDescription: string }[]
}

/** What holds for the whole pool, with every default filled in. */
export interface Settings {
  /** Not empty = users sign in with these instead of a name, and their internal name is `sub`. */
  usernameAttributes: readonly ('email' | 'phone_number')[]
  /** What users may sign in with beside their name, once verified. */
  aliasAttributes: readonly ('email' | 'phone_number' | 'preferred_username')[]
  caseSensitive: boolean
  schema: Schema
  /** What a code is sent to at sign-up. */
  autoVerifiedAttributes: readonly ('email' | 'phone_number')[]
  /** What keeps its old value until the code that was sent to the new one is typed. */
  attributesRequireVerificationBeforeUpdate: readonly ('email' | 'phone_number')[]
  mfaConfiguration: 'OFF' | 'ON' | 'OPTIONAL'
  /** Empty when MFA is off. */
  enabledMfas: readonly Mfa[]
  /** Present = devices are tracked. */
  deviceConfiguration:
    { challengeRequiredOnNewDevice: boolean; deviceOnlyRememberedOnUserPrompt: boolean } | undefined
  passwordPolicy: PasswordPolicy
  allowedFirstAuthFactors: readonly FirstFactor[]
  webAuthn: {
    /** The domain that passkeys belong to. */
    relyingPartyId: string
    userVerification: 'preferred' | 'required'
    factorConfiguration: 'SINGLE_FACTOR' | 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  }
  /** In the order of preference. */
  recoveryMechanisms: readonly RecoveryOption[]
  /** Whether the pool cannot be deleted. */
  deletionProtection: boolean
  /** Whether self sign-up is closed. */
  allowAdminCreateUserOnly: boolean
  resourceServers: Map<string, ResourceServer>
  /** By name. */
  identityProviders: Map<string, IdentityProvider>
  triggers: LocalTriggers
}
