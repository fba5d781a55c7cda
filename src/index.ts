export * from './errors.ts'
export {
  type AccessTokenClaims,
  type Claims,
  type IdTokenClaims,
  type TokenRequirements,
  type TokenUse,
} from './user-pool/claims.ts'
export { type AuthorizationRequest } from './user-pool/oauth.ts'
export { type UserPoolOptions } from './user-pool/options.ts'
export { type Tokens } from './user-pool/tokens.ts'
export { type CognitoUser } from './user-pool/user.ts'
export { type CodeExchange, UserPool } from './user-pool/user-pool.ts'
export {
  type CognitoIdentityCredentials,
  type CredentialsOwner,
  type Logins,
} from './identity/credentials.ts'
export { IdentityPool, type IdentityPoolOptions } from './identity/identity-pool.ts'
export {
  type CognitoAuthenticateOptions,
  type CognitoStrategyOptions,
  type VerifyCallback,
  type VerifyDone,
} from './strategy/options.ts'
export { CognitoStrategy } from './strategy/strategy.ts'
export { bearer } from './middleware/bearer.ts'
export { type BearerOptions } from './middleware/bearer-options.ts'
export { type Handler } from './middleware/handler.ts'
export { logout, type LogoutOptions } from './middleware/logout.ts'
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
export { authenticateUpgrade, type UpgradeMiddleware } from './middleware/upgrade.ts'
