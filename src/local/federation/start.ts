import { randomToken } from '../lib/secrets.ts'
import { browserToken } from '../managed-login/visit.ts'
import { languageOf } from '../managed-login/languages/index.ts'
import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { redirect, withParameters } from '../oauth/parameters.ts'
import type { LocalRequest, LocalResponse } from '../server/http.ts'
import type { IdentityProvider } from '../user-pool/identity-providers.ts'
import { domainOf, type UserPool } from '../user-pool/user-pool.ts'
import { providerLifetimeSeconds, type ProviderSignIns } from './provider-sign-ins.ts'

/** The path of the page that plays the providers. */
export const pretendProviderPath = '/pretend-provider'

/** Off to a provider, with the parameters of an authorization request as Cognito makes one. */
export function startAtProvider(
  pool: UserPool,
  { pending }: ProviderSignIns,
  {
    request,
    asked,
    provider,
  }: { request: LocalRequest; asked: AuthorizationRequest; provider: IdentityProvider },
): LocalResponse {
  const browser = browserToken(request)
  const state = randomToken()
  pending.set(state, { asked, provider, browser: browser.token }, providerLifetimeSeconds)
  const location = withParameters(pool.domainPath + pretendProviderPath, {
    provider: provider.providerName,
    client_id: provider.clientId,
    redirect_uri: `${domainOf(pool)}/oauth2/idpresponse`,
    response_type: 'code',
    state,
    // Forwarded to OIDC providers (developer guide, "Authorize endpoint").
    login_hint: provider.providerType === 'OIDC' ? asked.loginHint || undefined : undefined,
    prompt: asked.prompts.filter((prompt) => prompt !== 'none').join(' ') || undefined,
  })
  return redirect(location, [browser.cookie, ...languageOf(request).cookies])
}
