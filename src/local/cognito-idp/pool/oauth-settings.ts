import { ServiceError } from '../../server/service-error.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import type { Client } from '../../user-pool/client.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import type { GivenClient } from './client-settings.ts'

type OAuthSettings = Pick<
  Client,
  'callbackURLs' | 'logoutURLs' | 'defaultRedirectURI' | 'allowedOAuthFlows' | 'scopes'
>

const standardScopes = ['phone', 'email', 'openid', 'profile', 'aws.cognito.signin.user.admin']

/** What the client may do at the domain: nothing, unless `AllowedOAuthFlowsUserPoolClient` says that it may. */
export function oauthSettingsFrom(
  pool: UserPool,
  given: GivenClient,
  { hasSecret }: { hasSecret: boolean },
): OAuthSettings {
  const { CallbackURLs = [], LogoutURLs = [], DefaultRedirectURI } = given
  for (const url of [...CallbackURLs, ...LogoutURLs]) checkURL(url)
  if (DefaultRedirectURI !== undefined && !CallbackURLs.includes(DefaultRedirectURI)) {
    throw invalidParameter('The default redirect URI must be one of the callback URLs.')
  }
  const flows = given.AllowedOAuthFlows ?? []
  checkFlows(flows, hasSecret)
  for (const scope of given.AllowedOAuthScopes ?? []) checkScope(pool, scope)
  const allowed = given.AllowedOAuthFlowsUserPoolClient === true
  return {
    callbackURLs: CallbackURLs,
    logoutURLs: LogoutURLs,
    defaultRedirectURI: DefaultRedirectURI,
    allowedOAuthFlows: allowed ? flows : [],
    scopes: allowed ? (given.AllowedOAuthScopes ?? []) : [],
  }
}

function checkFlows(flows: readonly string[], hasSecret: boolean): void {
  if (!flows.includes('client_credentials')) return
  const refuse = (why: string) =>
    new ServiceError('InvalidOAuthFlowException', `client_credentials flow can not be selected ${why}`)
  if (flows.length > 1) throw refuse('along with code flow or implicit flow.')
  if (!hasSecret) throw refuse('if client does not have a client secret.')
}

function checkScope({ settings }: UserPool, scope: string): void {
  const custom = [...settings.resourceServers.values()].flatMap(({ identifier, scopes }) =>
    scopes.map(({ scopeName }) => `${identifier}/${scopeName}`),
  )
  if (standardScopes.includes(scope) || custom.includes(scope)) return
  throw new ServiceError('ScopeDoesNotExistException', `Invalid scope requested: ${scope}`)
}

/** https, a custom scheme, or http on loopback; no fragment. */
function checkURL(url: string): void {
  if (!URL.canParse(url) || url.includes('#') || /[^\x21-\x7e]/.test(url)) {
    throw invalidParameter(`${url} is not a valid redirect URL.`)
  }
  const { protocol, hostname } = new URL(url)
  if (['javascript:', 'data:', 'file:', 'vbscript:', 'blob:'].includes(protocol)) {
    throw invalidParameter(`${url} is not a valid redirect URL.`)
  }
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    throw invalidParameter(`${url} cannot use the HTTP protocol.`)
  }
}
