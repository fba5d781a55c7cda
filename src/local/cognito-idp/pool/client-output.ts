import { timeUnits, type Client } from '../../user-pool/client.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'

/** A client as the API describes it, secret included. */
export function clientOutput(pool: UserPool, client: Client): object {
  const { tokenValidityUnits: units, refreshTokenRotation: rotation } = client
  return {
    UserPoolId: pool.userPoolId,
    ClientId: client.clientId,
    ClientName: client.clientName,
    ClientSecret: client.clientSecrets[0]?.value,
    CreationDate: client.createdAt,
    LastModifiedDate: client.modifiedAt,
    AccessTokenValidity: client.accessTokenValiditySeconds / timeUnits[units.accessToken],
    IdTokenValidity: client.idTokenValiditySeconds / timeUnits[units.idToken],
    RefreshTokenValidity: client.refreshTokenValiditySeconds / timeUnits[units.refreshToken],
    TokenValidityUnits: {
      AccessToken: units.accessToken,
      IdToken: units.idToken,
      RefreshToken: units.refreshToken,
    },
    ReadAttributes: client.readAttributes && [...client.readAttributes],
    WriteAttributes: client.writeAttributes && [...client.writeAttributes],
    ExplicitAuthFlows: client.explicitAuthFlows,
    SupportedIdentityProviders: client.supportedIdentityProviders,
    ...oauthOutput(client),
    PreventUserExistenceErrors: client.preventUserExistenceErrors,
    EnableTokenRevocation: client.enableTokenRevocation,
    EnablePropagateAdditionalUserContextData: false,
    AuthSessionValidity: client.authSessionValiditySeconds / 60,
    RefreshTokenRotation: rotation
      ? { Feature: 'ENABLED', RetryGracePeriodSeconds: rotation.retryGracePeriodSeconds }
      : { Feature: 'DISABLED' },
  }
}

/** Lists are absent rather than empty. */
function oauthOutput(client: Client): object {
  const list = (entries: readonly string[]) => (entries.length > 0 ? entries : undefined)
  return {
    CallbackURLs: list(client.callbackURLs),
    LogoutURLs: list(client.logoutURLs),
    DefaultRedirectURI: client.defaultRedirectURI,
    AllowedOAuthFlows: list(client.allowedOAuthFlows),
    AllowedOAuthScopes: list(client.scopes),
    AllowedOAuthFlowsUserPoolClient: client.allowedOAuthFlows.length > 0,
  }
}
