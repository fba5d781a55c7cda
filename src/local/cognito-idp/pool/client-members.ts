import { boolean, integer, list, optional, string, structure } from '../../server/members.ts'
import { timeUnits } from '../../user-pool/client.ts'
import * as model from '../model.ts'

const url = string({ min: 1, max: 1024, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+' })
const urls = list(url, { min: 0, max: 100 })
const unit = optional(string({ values: Object.keys(timeUnits) }))
const attributes = list(string({ min: 1, max: 2048 }), { min: 0, max: Number.MAX_SAFE_INTEGER })
const lifetime = optional(integer({ min: 1, max: 86_400 }))

const authFlow = string({
  values: [
    'ADMIN_NO_SRP_AUTH',
    'CUSTOM_AUTH_FLOW_ONLY',
    'USER_PASSWORD_AUTH',
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_CUSTOM_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
    'ALLOW_USER_AUTH',
  ],
})

export const clientName = string({ min: 1, max: 128, pattern: '[\\w\\s+=,.@-]+' })

/** What CreateUserPoolClient and UpdateUserPoolClient say about a client. */
export const clientMembers = {
  UserPoolId: model.userPoolId,
  RefreshTokenValidity: optional(integer({ min: 0, max: 315_360_000 })),
  AccessTokenValidity: lifetime,
  IdTokenValidity: lifetime,
  TokenValidityUnits: optional(structure({ AccessToken: unit, IdToken: unit, RefreshToken: unit })),
  ReadAttributes: optional(attributes),
  WriteAttributes: optional(attributes),
  ExplicitAuthFlows: optional(list(authFlow, { min: 0, max: Number.MAX_SAFE_INTEGER })),
  SupportedIdentityProviders: optional(
    list(string({ min: 1, max: 32, pattern: '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\p{Z}]+' }), {
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    }),
  ),
  CallbackURLs: optional(urls),
  LogoutURLs: optional(urls),
  DefaultRedirectURI: optional(url),
  AllowedOAuthFlows: optional(
    list(string({ values: ['code', 'implicit', 'client_credentials'] }), { min: 0, max: 3 }),
  ),
  AllowedOAuthScopes: optional(
    list(string({ min: 1, max: 256, pattern: '[\\x21\\x23-\\x5B\\x5D-\\x7E]+' }), { min: 0, max: 50 }),
  ),
  AllowedOAuthFlowsUserPoolClient: optional(boolean),
  PreventUserExistenceErrors: optional(string({ values: ['LEGACY', 'ENABLED'] })),
  EnableTokenRevocation: optional(boolean),
  AuthSessionValidity: optional(integer({ min: 3, max: 15 })),
  RefreshTokenRotation: optional(
    structure({
      Feature: string({ values: ['ENABLED', 'DISABLED'] }),
      RetryGracePeriodSeconds: optional(integer({ min: 0, max: 60 })),
    }),
  ),
}
