import { randomInt } from 'node:crypto'
import type { Client } from '../user-pool/client.ts'
import { ConfigurationError } from './configuration-error.ts'
import * as check from './option-checks.ts'

/** An app client as the caller describes it. */
export interface LocalClient {
  /** Default: generated, 26 lower-case letters and digits. */
  clientId?: string | undefined
  /** Absent = public client. */
  clientSecret?: string | undefined
  /** Compared as exact strings. Default `http://localhost:3000/callback` and the same on 127.0.0.1. */
  callbackURLs?: string[] | undefined
  /** Compared as exact strings. Default `http://localhost:3000/` and the same on 127.0.0.1. */
  logoutURLs?: string[] | undefined
  /** Default: password, SRP and refresh (with rotation, no refresh: Cognito excludes the two). */
  explicitAuthFlows?: string[] | undefined
  /** Scopes that the client may ask for. Default: openid, email, phone, profile, aws.cognito.signin.user.admin. */
  scopes?: string[] | undefined
  /** Present = refresh token rotation is on. The grace period is 0 (default) to 60 seconds. */
  refreshTokenRotation?: { retryGracePeriodSeconds?: number | undefined } | undefined
  /** Default 3600. */
  accessTokenValiditySeconds?: number | undefined
  /** Default 3600. */
  idTokenValiditySeconds?: number | undefined
  /** Default 30 days. */
  refreshTokenValiditySeconds?: number | undefined
}

const known: (keyof LocalClient)[] = [
  'clientId',
  'clientSecret',
  'callbackURLs',
  'logoutURLs',
  'explicitAuthFlows',
  'scopes',
  'refreshTokenRotation',
  'accessTokenValiditySeconds',
  'idTokenValiditySeconds',
  'refreshTokenValiditySeconds',
]

const authFlows = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_USER_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
] as const

/** Checks one entry of `clients`; `option` is its name in messages. */
export function clientFrom(option: string, given: unknown): Client {
  const client = check.checkObject(option, given, known)
  const rotation = rotationFrom(`${option}.refreshTokenRotation`, client['refreshTokenRotation'])
  const seconds = (name: string, fallback: number) =>
    check.checkSeconds(`${option}.${name}`, client[name], fallback)
  return {
    clientId: check.checkString(
      `${option}.clientId`,
      client['clientId'] ?? generatedClientId(),
      /^[\w+]{1,128}$/,
      '1 to 128 letters, digits, _ or +',
    ),
    clientSecret: secretFrom(`${option}.clientSecret`, client['clientSecret']),
    callbackURLs: urls(`${option}.callbackURLs`, client['callbackURLs'], '/callback'),
    logoutURLs: urls(`${option}.logoutURLs`, client['logoutURLs'], '/'),
    explicitAuthFlows: flowsFrom(`${option}.explicitAuthFlows`, client['explicitAuthFlows'], rotation),
    scopes: scopesFrom(`${option}.scopes`, client['scopes']),
    refreshTokenRotation: rotation,
    accessTokenValiditySeconds: seconds('accessTokenValiditySeconds', 3600),
    idTokenValiditySeconds: seconds('idTokenValiditySeconds', 3600),
    refreshTokenValiditySeconds: seconds('refreshTokenValiditySeconds', 30 * 86_400),
  }
}

function generatedClientId(): string {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
  return Array.from({ length: 26 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}

function secretFrom(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  return check.checkString(option, value, /^[\w+]{1,64}$/, '1 to 64 letters, digits, _ or +')
}

function urls(option: string, value: unknown, path: string): string[] {
  if (value === undefined) return [`http://localhost:3000${path}`, `http://127.0.0.1:3000${path}`]
  return check
    .checkArray(option, value)
    .map((url, index) => check.checkRedirectURL(`${option}[${index}]`, url))
}

function rotationFrom(option: string, value: unknown): Client['refreshTokenRotation'] {
  if (value === undefined) return undefined
  const rotation = check.checkObject(option, value, ['retryGracePeriodSeconds'])
  const grace = rotation['retryGracePeriodSeconds'] ?? 0
  return {
    retryGracePeriodSeconds: check.checkInteger(`${option}.retryGracePeriodSeconds`, grace, {
      min: 0,
      max: 60,
    }),
  }
}

function flowsFrom(option: string, value: unknown, rotation: Client['refreshTokenRotation']): string[] {
  const byDefault = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH']
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

function scopesFrom(option: string, value: unknown): string[] {
  if (value === undefined) return ['openid', 'email', 'phone', 'profile', 'aws.cognito.signin.user.admin']
  const shape = 'a scope: printable characters without spaces, quotes or backslashes'
  return check
    .checkArray(option, value, 1)
    .map((scope, index) =>
      check.checkString(`${option}[${index}]`, scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/, shape),
    )
}
