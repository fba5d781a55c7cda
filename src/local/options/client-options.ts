import {
  generatedClientId,
  newClientSecret,
  ssoMinutes,
  type Client,
  type ClientSecret,
} from '../user-pool/client.ts'
import { isAttributeName } from '../user-pool/attributes.ts'
import { authFlowsFrom, oauthFlowsFrom, providersFrom, scopesFrom } from './client-flow-options.ts'
import * as check from './option-checks.ts'

/** An app client as the caller describes it. */
export interface LocalClient {
  /** Default: generated, 26 lower-case letters and digits. */
  clientId?: string | undefined
  /** Default: the client id. */
  clientName?: string | undefined
  /** Absent = public client. */
  clientSecret?: string | undefined
  /** Compared as exact strings. Default `http://localhost:3000/callback` and the same on 127.0.0.1. */
  callbackURLs?: string[] | undefined
  /** Compared as exact strings. Default `http://localhost:3000/` and the same on 127.0.0.1. */
  logoutURLs?: string[] | undefined
  /** Default: password, SRP, custom and refresh (with rotation, no refresh: Cognito excludes the two). */
  explicitAuthFlows?: string[] | undefined
  /** Default `['code']`. `client_credentials` needs a secret, and excludes the others. */
  allowedOAuthFlows?: ('code' | 'implicit' | 'client_credentials')[] | undefined
  /** Scopes that the client may ask for. Default: openid, email, phone, profile, aws.cognito.signin.user.admin. */
  scopes?: string[] | undefined
  /** Who may sign in: `COGNITO` (the pool's own users) and names of its identity providers. Default: all. */
  supportedIdentityProviders?: string[] | undefined
  /** Whether an unknown user is answered like a wrong password. Default `ENABLED`; clients made through the API have `LEGACY`. */
  preventUserExistenceErrors?: 'ENABLED' | 'LEGACY' | undefined
  /** Default true. */
  enableTokenRevocation?: boolean | undefined
  /** The attributes that the client may see. Default: all. */
  readAttributes?: string[] | undefined
  /** The attributes that the client may set. Default: all. */
  writeAttributes?: string[] | undefined
  /** Present = refresh token rotation is on. The grace period is 0 (default) to 60 seconds. */
  refreshTokenRotation?: { retryGracePeriodSeconds?: number | undefined } | undefined
  /** Default 3600. */
  accessTokenValiditySeconds?: number | undefined
  /** Default 3600. */
  idTokenValiditySeconds?: number | undefined
  /** Default 30 days. */
  refreshTokenValiditySeconds?: number | undefined
  /** How long a challenge may take: 180 (default) to 900. */
  authSessionValiditySeconds?: number | undefined
  /** How long the managed login lets a browser that is signed in go on to this client: minutes, 0 to 129,600 (90 days). Default 60. */
  ssoSession?: { maxValidityMinutes: number } | undefined
}

const known: (keyof LocalClient)[] = [
  'clientId',
  'clientName',
  'clientSecret',
  'callbackURLs',
  'logoutURLs',
  'explicitAuthFlows',
  'allowedOAuthFlows',
  'scopes',
  'supportedIdentityProviders',
  'preventUserExistenceErrors',
  'enableTokenRevocation',
  'readAttributes',
  'writeAttributes',
  'refreshTokenRotation',
  'accessTokenValiditySeconds',
  'idTokenValiditySeconds',
  'refreshTokenValiditySeconds',
  'authSessionValiditySeconds',
  'ssoSession',
]

/** Checks one entry of `clients`; `option` is its name in messages. */
export function clientFrom(option: string, given: unknown): Client {
  const client = check.checkObject(option, given, known)
  const rotation = rotationFrom(`${option}.refreshTokenRotation`, client['refreshTokenRotation'])
  const clientId = check.checkString(
    `${option}.clientId`,
    client['clientId'] ?? generatedClientId(),
    /^[\w+]{1,128}$/,
    '1 to 128 letters, digits, _ or +',
  )
  const clientSecrets = secretsFrom(`${option}.clientSecret`, client['clientSecret'], clientId)
  const allowedOAuthFlows = oauthFlowsFrom(
    `${option}.allowedOAuthFlows`,
    client['allowedOAuthFlows'],
    clientSecrets.length > 0,
  )
  return {
    clientId,
    clientName: check.checkString(
      `${option}.clientName`,
      client['clientName'] ?? clientId,
      /^[\w\s+=,.@-]{1,128}$/,
      '1 to 128 letters, digits, spaces and +=,.@-',
    ),
    clientSecrets,
    callbackURLs: urls(`${option}.callbackURLs`, client['callbackURLs'], '/callback'),
    logoutURLs: urls(`${option}.logoutURLs`, client['logoutURLs'], '/'),
    explicitAuthFlows: authFlowsFrom(`${option}.explicitAuthFlows`, client['explicitAuthFlows'], rotation),
    allowedOAuthFlows,
    scopes: scopesFrom(`${option}.scopes`, client['scopes'], allowedOAuthFlows),
    supportedIdentityProviders: providersFrom(
      `${option}.supportedIdentityProviders`,
      client['supportedIdentityProviders'],
    ),
    refreshTokenRotation: rotation,
    ...attributeAccess(option, client),
    ...lifetimes(option, client),
    ssoMaxValidityMinutes: ssoFrom(`${option}.ssoSession`, client['ssoSession']),
    tokenValidityUnits: { accessToken: 'seconds', idToken: 'seconds', refreshToken: 'seconds' },
    defaultRedirectURI: undefined,
    createdAt: Date.now() / 1000,
    modifiedAt: Date.now() / 1000,
  }
}

function attributeAccess(option: string, client: Record<string, unknown>) {
  const names = (name: string) => {
    if (client[name] === undefined) return undefined
    const shape = 'the name of a standard attribute or custom:…'
    const list = check.checkArray(`${option}.${name}`, client[name])
    return new Set(
      list.map((entry, index) => {
        const attribute = check.checkString(`${option}.${name}[${index}]`, entry, /^\S+$/, shape)
        return isAttributeName(attribute) ? attribute : check.refuse(`${option}.${name}[${index}]`, shape)
      }),
    )
  }
  const prevent = client['preventUserExistenceErrors'] ?? 'ENABLED'
  return {
    preventUserExistenceErrors: check.checkOneOf(`${option}.preventUserExistenceErrors`, prevent, [
      'ENABLED',
      'LEGACY',
    ]),
    enableTokenRevocation: check.checkBoolean(
      `${option}.enableTokenRevocation`,
      client['enableTokenRevocation'],
      true,
    ),
    readAttributes: names('readAttributes'),
    writeAttributes: names('writeAttributes'),
  }
}

function lifetimes(option: string, client: Record<string, unknown>) {
  const seconds = (name: string, fallback: number) =>
    check.checkSeconds(`${option}.${name}`, client[name], fallback)
  return {
    accessTokenValiditySeconds: seconds('accessTokenValiditySeconds', 3600),
    idTokenValiditySeconds: seconds('idTokenValiditySeconds', 3600),
    refreshTokenValiditySeconds: seconds('refreshTokenValiditySeconds', 30 * 86_400),
    authSessionValiditySeconds: check.checkInteger(
      `${option}.authSessionValiditySeconds`,
      client['authSessionValiditySeconds'] ?? 180,
      { min: 180, max: 900 },
    ),
  }
}

function ssoFrom(option: string, value: unknown): number {
  if (value === undefined) return 60
  const { maxValidityMinutes } = check.checkObject(option, value, ['maxValidityMinutes'])
  return check.checkInteger(`${option}.maxValidityMinutes`, maxValidityMinutes, ssoMinutes)
}

function secretsFrom(option: string, given: unknown, clientId: string): ClientSecret[] {
  if (given === undefined) return []
  const value = check.checkString(option, given, /^[\w+]{1,64}$/, '1 to 64 letters, digits, _ or +')
  return [newClientSecret({ clientId, clientSecrets: [] }, value, Math.floor(Date.now() / 1000))]
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
