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

/** A secret of a confidential client. */
export interface ClientSecret {
  /** `CLIENTID--EPOCH`. */
  id: string
  value: string
  /** Seconds since the epoch. */
  createdAt: number
}

/** How long a client may let a browser's session stand for its user: up to 90 days; 0 is never. */
export const ssoMinutes = { min: 0, max: 129_600 }

/** An app client of the local pool, with every default filled in. */
export interface Client {
  clientId: string
  clientName: string
  /** Empty in a public client; otherwise one or, while they are exchanged, two. */
  clientSecrets: readonly ClientSecret[]
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
  /** How long a browser's session stands for its user, from the sign-in on. */
  ssoMaxValidityMinutes: number
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

/** A secret with an id that no other one of the client has. */
export function newClientSecret(
  { clientId, clientSecrets }: Pick<Client, 'clientId' | 'clientSecrets'>,
  value: string,
  nowSeconds: number,
): ClientSecret {
  let epoch = nowSeconds
  while (clientSecrets.some(({ id }) => id === `${clientId}--${epoch}`)) epoch += 1
  return { id: `${clientId}--${epoch}`, value, createdAt: nowSeconds }
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
  return client.clientSecrets.some(({ value }) => equalSecrets(secret, value))
}

/** `SECRET_HASH` = Base64(HMAC-SHA256(client secret, username + client id)), of any active secret. */
export function secretHashMatches(client: Client, username: string, hash: string): boolean {
  const { clientId, clientSecrets } = client
  return clientSecrets.some(({ value }) =>
    equalSecrets(
      hash,
      createHmac('sha256', value)
        .update(username + clientId)
        .digest('base64'),
    ),
  )
}
