export { startLocalCognito } from './start.ts'
export { signedInAgent, type SignedInUser, type TestAgent } from './signed-in-agent/signed-in-agent.ts'
export type { LocalCognito, LocalPoolHandle, LocalUserPoolOptions } from './start.ts'
export type { LocalCognitoOptions } from './options/options.ts'
export type { LocalPool } from './options/pool-options.ts'
export type { LocalClient } from './options/client-options.ts'
export type { LocalPasswordlessUser, LocalUser } from './options/user-options.ts'
export type { LocalUserMfa } from './options/mfa-options.ts'
export type { LocalGroup } from './options/group-options.ts'
export type { LocalUserPool } from './options/user-pool-options.ts'
export type { LocalWebAuthnConfiguration } from './options/passkey-options.ts'
export type { LocalPasswordPolicy } from './options/password-policy-options.ts'
export type { LocalIdentityProvider } from './options/identity-provider-options.ts'
export type { LocalResourceServer } from './options/resource-server-options.ts'
export type { LocalAttribute } from './options/schema-options.ts'
export type {
  LocalChallengeResult,
  LocalCreateAuthChallengeEvent,
  LocalCustomMessageEvent,
  LocalDefineAuthChallengeEvent,
  LocalGroupOverride,
  LocalPostAuthenticationEvent,
  LocalPostConfirmationEvent,
  LocalPreAuthenticationEvent,
  LocalPreSignUpEvent,
  LocalPreTokenGenerationEvent,
  LocalTrigger,
  LocalTriggerEvent,
  LocalTriggers,
  LocalUserMigrationEvent,
  LocalVerifyAuthChallengeEvent,
} from './user-pool/triggers.ts'
export type { LocalMessage, LocalOutbox } from './user-pool/outbox.ts'
export type { LocalFault } from './server/faults.ts'
export type { TokenOrder } from './user-pool/issue-token.ts'
export type { LoggedRequest, RequestCounts } from './server/requests.ts'
export type { Clock } from './lib/clock.ts'
export type { LocalIdentityPoolOptions } from './identity-pool/options.ts'
export type { LocalRoleMapping } from './identity-pool/role-options.ts'
export type { ProviderTokenOrder } from './identity-pool/providers/issue-provider-token.ts'
export type { LocalRole } from './aws/iam/role-options.ts'
