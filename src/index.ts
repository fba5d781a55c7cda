export * from './errors.ts'
export { type CognitoEvents, onEvent } from './events.ts'
export {
  type AccessTokenClaims,
  type Claims,
  type IdTokenClaims,
  type TokenRequirements,
  type TokenUse,
} from './user-pool/claims.ts'
export { type AuthorizationRequest } from './user-pool/oauth.ts'
export { type UserPoolOptions } from './user-pool/options.ts'
export { type Account } from './user-pool/account/account.ts'
export { type CodeDelivery } from './user-pool/account/caller.ts'
export { type Passkey } from './user-pool/account/passkeys.ts'
export { type Profile } from './user-pool/account/profile.ts'
export { type UserSession } from './user-pool/account/sessions.ts'
export { type SignUpOptions, type SignUpResult } from './user-pool/account/sign-up.ts'
export { type DeviceDescription, type Devices } from './user-pool/devices.ts'
export {
  type Challenge,
  type ChallengeAnswer,
  type ChallengeAnswers,
  type ChallengeName,
  type KnownChallenge,
  type UnknownChallenge,
} from './user-pool/sign-in/challenge.ts'
export { type ConfirmDeviceOptions, type Device, type NewDevice } from './user-pool/sign-in/device.ts'
export {
  type RespondOptions,
  type SignInFlow,
  type SignInOptions,
  type SignInStep,
} from './user-pool/sign-in/sign-in.ts'
export { type SignInHandle } from './user-pool/sign-in-handle.ts'
export { type RefreshEvent } from './user-pool/refresh-event.ts'
export { type SignInEvent } from './user-pool/sign-in-event.ts'
export { type Tokens } from './user-pool/tokens.ts'
export { type CognitoUser } from './user-pool/user.ts'
export { type CodeExchange, UserPool } from './user-pool/user-pool.ts'
export { memoryStore } from './shared-store/memory.ts'
export { type SetOptions, type SharedStore } from './shared-store/shared-store.ts'
export { type StoreEvent } from './shared-store/limited-store.ts'
export { type AwsClientClass } from './identity/aws-clients.ts'
export { type ClassicCredentialsOptions, type IdentityToken } from './identity/classic-flow.ts'
export { type CognitoIdentityCredentials } from './identity/credentials.ts'
export { type CredentialsEvent } from './identity/credentials-cache.ts'
export {
  type DeveloperIdentities,
  type DeveloperIdentityRecord,
  type DeveloperLogin,
} from './identity/developer-identities.ts'
export { type DeveloperIdentity, type DeveloperIdentityOptions } from './identity/developer-identity.ts'
export { type CredentialsOptions, IdentityPool } from './identity/identity-pool.ts'
export { type Login, loginProviders, type Logins } from './identity/logins.ts'
export { type IdentityPoolOptions, type ServerCredentials } from './identity/options.ts'
export { type CredentialsOwner, ownerOf } from './identity/owner.ts'
export { type CredentialsProvider } from './identity/provider.ts'
export {
  type CognitoAuthenticateOptions,
  type CognitoStrategyOptions,
  type VerifyCallback,
  type VerifyDone,
} from './strategy/options.ts'
export { CognitoStrategy } from './strategy/strategy.ts'
export { awsClient } from './middleware/aws-client.ts'
export { bearer } from './middleware/bearer.ts'
export { type BearerOptions } from './middleware/bearer-options.ts'
export { type DeniedEvent } from './middleware/deny.ts'
export { type Handler } from './middleware/handler.ts'
export { logout, type LogoutEvent, type LogoutOptions } from './middleware/logout.ts'
export { type CognitoAuth, getAuth } from './middleware/request.ts'
export { type UserPools } from './middleware/pools.ts'
export {
  type GroupConditions,
  requireAuth,
  type RequireAuthOptions,
  requireGroups,
  requireScopes,
} from './middleware/require.ts'
export { session, type SessionOptions } from './middleware/session.ts'
export { type StaleBefore } from './middleware/stale.ts'
export { authenticateUpgrade, type UpgradeMiddleware, type UpgradeOptions } from './middleware/upgrade.ts'
