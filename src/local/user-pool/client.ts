import { createHmac } from 'node:crypto'
import { randomInt } from '../lib/random.ts'
import { equalSecrets } from '../lib/secrets.ts'

/** Seconds in a unit of token lifetimes, by its name in the API. */
export const timeUnits = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const

export type TimeUnit = keyof typeof timeUnits

export interface TokenValidityUnits {
  accessToken: TimeUnit
  idToken: TimeUnit
  refreshToken: TimeUnit
}

/** An app client of the local pool, with every default filled in. */
export interface Client {
  clientId: string
  clientName: string
  /** Empty in a public client; otherwise one or, while they are exchanged, two. */
  clientSecrets: readonly string[]
  callbackURLs: readonly string[]
  logoutURLs: readonly string[]
  explicitAuthFlows: readonly string[]
  allowedOAuthFlows: readonly string[]
  scopes: readonly string[]
  /** `COGNITO` and names of the pool's identity providers; undefined = all of them. */
  supportedIdentityProviders: readonly string[] | undefined
  /** Whether a client that names an unknown user learns no more than one with a wrong password. */
  preventUserExistenceErrors: 'ENABLED' | 'LEGACY'
  enableTokenRevocation: boolean
  /** Undefined = every attribute. */
  readAttributes: ReadonlySet<string> | undefined
  /** Undefined = every attribute. */
  writeAttributes: ReadonlySet<string> | undefined
  /** Present = rotation is on. */
  refreshTokenRotation: { retryGracePeriodSeconds: number } | undefined
  accessTokenValiditySeconds: number
  idTokenValiditySeconds: number
  refreshTokenValiditySeconds: number
  /** How long a challenge may take. */
  authSessionValiditySeconds: number
  /** In which the API gives the three lifetimes. */
  tokenValidityUnits: TokenValidityUnits
  /** One of `callbackURLs`. */
  defaultRedirectURI: string | undefined
  /** Seconds since the epoch. */
  createdAt: number
  /** Seconds since the epoch. */
  modifiedAt: number
}

/** 26 lower-case letters and digits. */
export function generatedClientId(): string {
  return lettersAndDigits(26)
}

/** 51 lower-case letters and digits. */
export function generatedClientSecret(): string {
  return lettersAndDigits(51)
}

function lettersAndDigits(length: number): string {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
}

export function isPublic({ clientSecrets }: Client): boolean {
  return clientSecrets.length === 0
}

/** Whether a secret is one of the client's; a public client must not send any. */
export function secretMatches(client: Client, secret: string | undefined): boolean {
  if (isPublic(client) || secret === undefined) return isPublic(client) && secret === undefined
  return client.clientSecrets.some((own) => equalSecrets(secret, own))
}

/** `SECRET_HASH` = Base64(HMAC-SHA256(client secret, username + client id)), of any active secret. */
export function secretHashMatches(client: Client, username: string, hash: string): boolean {
  const { clientId, clientSecrets } = client
  return clientSecrets.some((secret) =>
    equalSecrets(
      hash,
      createHmac('sha256', secret)
        .update(username + clientId)
        .digest('base64'),
    ),
  )
}
