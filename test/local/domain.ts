import { createHash } from 'node:crypto'
import { startLocalCognito, type LocalCognito, type LocalCognitoOptions } from '../../src/local/index.ts'
import { signInOnLoginPage } from '../support/login-form.ts'

export const callbackURL = 'http://localhost:3000/callback'
export const ana = { username: 'ana', password: 'Passw0rd!' }
export const clientSecret = 'l0calSecretOfTheConfidentialClient'

/** One public and one confidential client; ana may sign in, bo must choose a password, cy is disabled. */
export async function start(options: LocalCognitoOptions = {}): Promise<LocalCognito> {
  return startLocalCognito({
    users: [
      {
        ...ana,
        email: 'ana@example.com',
        attributes: { name: 'Ana', 'custom:plan': '7' },
        groups: ['admin'],
      },
      { username: 'bo', password: 'Temp0rary!', email: 'bo@example.com', status: 'FORCE_CHANGE_PASSWORD' },
      { username: 'cy', password: 'Passw0rd!', enabled: false },
    ],
    clients: [{ clientId: 'public1' }, { clientId: 'confidential1', clientSecret }],
    ...options,
  })
}

/** `/oauth2/authorize` with the usual parameters; undefined leaves one out. */
export function authorizeUrl(
  local: LocalCognito,
  changes: Record<string, string | undefined> = {},
  path = '/oauth2/authorize',
): string {
  const parameters = {
    response_type: 'code',
    client_id: local.userPool.clientId,
    redirect_uri: callbackURL,
    scope: 'openid email',
    state: 'state1',
    nonce: 'nonce1',
    ...changes,
  }
  const url = new URL(path, local.url)
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value)
  }
  return url.href
}

export const verifier = 'verifier-of-a-test-that-has-43-characters-or-more'
export const challenge = createHash('sha256').update(verifier).digest('base64url')

/** A fresh code for ana. */
export async function codeFor(
  local: LocalCognito,
  changes: Record<string, string | undefined> = {},
): Promise<string> {
  const callback = await signInOnLoginPage(authorizeUrl(local, changes), ana)
  const code = callback.searchParams.get('code')
  if (code === null) throw new Error(`no code: ${callback.searchParams.get('error')}`)
  return code
}

/** A form POST; undefined leaves a parameter out. */
export async function post(
  local: LocalCognito,
  path: string,
  parameters: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; response: Response }> {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) body.set(name, value)
  const response = await fetch(local.url + path, { method: 'POST', body, headers })
  const text = await response.text()
  return {
    status: response.status,
    response,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}

export async function exchange(
  local: LocalCognito,
  changes: Record<string, string | undefined>,
  headers?: Record<string, string>,
) {
  const usual = {
    grant_type: 'authorization_code',
    client_id: local.userPool.clientId,
    redirect_uri: callbackURL,
  }
  return post(local, '/oauth2/token', { ...usual, ...changes }, headers)
}

export async function refresh(local: LocalCognito, refreshToken: string, clientId = local.userPool.clientId) {
  return post(local, '/oauth2/token', {
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: refreshToken,
  })
}

export interface DomainTokens {
  id_token: string
  access_token: string
  refresh_token: string
}

/** The whole code flow for ana. */
export async function tokensFor(
  local: LocalCognito,
  changes: Record<string, string | undefined> = {},
): Promise<DomainTokens> {
  const { status, body } = await exchange(local, {
    code: await codeFor(local, changes),
    ...(changes['client_id'] === undefined ? {} : { client_id: changes['client_id'] }),
  })
  if (status !== 200) throw new Error(`the exchange failed: ${String(body['error'])}`)
  return body as unknown as DomainTokens
}

/** The claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return part(token, 1)
}

export function headerOf(token: string): Record<string, unknown> {
  return part(token, 0)
}

function part(token: string, index: number): Record<string, unknown> {
  const json = Buffer.from(token.split('.')[index] ?? '', 'base64url').toString('utf8')
  return JSON.parse(json) as Record<string, unknown>
}

/** The name of the cookie with the browser's session: one per server, though all share the host. */
export function sessionCookie(local: LocalCognito): string {
  return `cognito-${new URL(local.url).port}`
}

/** Where a GET is redirected to, or the status when it is not. */
export async function locationOf(url: string, headers: Record<string, string> = {}): Promise<URL | number> {
  const response = await fetch(url, { redirect: 'manual', headers })
  const location = response.headers.get('location')
  return location === null ? response.status : new URL(location, url)
}
