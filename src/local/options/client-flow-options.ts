import type { Client } from '../user-pool/client.ts'
import { ConfigurationError } from './configuration-error.ts'
import * as check from './option-checks.ts'

const authFlows = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_USER_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_CLIENT_TOKEN_AUTH',
] as const

/** Checks `clients[n].explicitAuthFlows`. */
export function authFlowsFrom(
  option: string,
  value: unknown,
  rotation: Client['refreshTokenRotation'],
): string[] {
  const byDefault = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']
  if (value === undefined) return rotation ? byDefault : [...byDefault, 'ALLOW_REFRESH_TOKEN_AUTH']
  const flows = check
    .checkArray(option, value)
    .map((flow, index) => check.checkOneOf(`${option}[${index}]`, flow, authFlows))
  if (rotation && flows.includes('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw new ConfigurationError(
      `[local Cognito] option "${option}" must not contain ALLOW_REFRESH_TOKEN_AUTH when refreshTokenRotation is on`,
    )
  }
  return flows
}

/** Checks `clients[n].allowedOAuthFlows`. */
export function oauthFlowsFrom(option: string, value: unknown, hasSecret: boolean): string[] {
  if (value === undefined) return ['code']
  const flows = check.checkWords(option, value, ['code', 'implicit', 'client_credentials'])
  if (flows.includes('client_credentials') && (flows.length > 1 || !hasSecret)) {
    check.refuse(
      option,
      'client_credentials alone, and in a client with a secret, or without client_credentials',
    )
  }
  return flows
}

const standardScopes = ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin']

/** Checks `clients[n].scopes`. Machines have scopes of resource servers only. */
export function scopesFrom(option: string, value: unknown, oauthFlows: readonly string[]): string[] {
  const isMachine = oauthFlows.includes('client_credentials')
  if (value === undefined && !isMachine) return [...standardScopes]
  const shape = 'a scope: printable characters without spaces, quotes or backslashes'
  const scopes = check
    .checkArray(option, value ?? [], 1)
    .map((scope, index) =>
      check.checkString(`${option}[${index}]`, scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/, shape),
    )
  if (isMachine && scopes.some((scope) => standardScopes.includes(scope))) {
    check.refuse(option, 'scopes of resource servers only, where client_credentials is allowed')
  }
  return scopes
}

/** Checks `clients[n].supportedIdentityProviders`. */
export function providersFrom(option: string, value: unknown): string[] | undefined {
  if (value === undefined) return undefined
  const names = check
    .checkArray(option, value, 1)
    .map((name, index) => check.checkString(`${option}[${index}]`, name, check.namePattern, check.nameShape))
  check.checkUnique(option, names)
  return names
}
