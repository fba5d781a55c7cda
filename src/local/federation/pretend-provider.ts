import { randomUUID } from '../lib/random.ts'
import { equalSecrets } from '../lib/secrets.ts'
import { errorResponse } from '../managed-login/error-page.ts'
import { browserToken, isOwnForm } from '../managed-login/visit.ts'
import { redirect, withParameters } from '../oauth/parameters.ts'
import type { LocalHandler, LocalRequest } from '../server/http.ts'
import { subjectPattern, type ExternalClaims } from '../user-pool/identity-providers.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { knownPeople } from './known-people.ts'
import { claimNames, pretendProviderPage } from './pretend-provider-page.ts'
import { providerLifetimeSeconds, type ProviderSignIn, type ProviderSignIns } from './provider-sign-ins.ts'

/** `/pretend-provider`: a page in place of every external provider. Whoever is there says who they are, refuses, or lets it fail. */
export function pretendProvider(pool: UserPool, signIns: ProviderSignIns): LocalHandler {
  const answer = (parameters: Record<string, string>) =>
    redirect(withParameters(`${pool.domainPath}/oauth2/idpresponse`, parameters))
  return (request) => {
    const state = request.url.searchParams.get('state') ?? ''
    const pending = signIns.pending.get(state)
    if (!pending || !isSameBrowser(request, pending)) return errorResponse(request, 'invalid_state')
    const people = knownPeople(pool, pending.provider)
    const form = { request, asked: pending.asked, provider: pending.provider, people }
    if (request.method !== 'POST') return pretendProviderPage(form)
    const fields = new URLSearchParams(request.body.toString('utf8'))
    if (!isOwnForm(request, fields)) return errorResponse(request, 'invalid_csrf', 403)
    const failure = failures.get(fields.get('answer') ?? '')
    if (failure) return answer({ ...failure, state })
    const claims = people[Number(fields.get('person') ?? NaN)] ?? typedClaims(fields, pending)
    if (!claims) return pretendProviderPage({ ...form, isSubjectWrong: true })
    const code = randomUUID()
    signIns.codes.set(code, { provider: pending.provider, claims }, providerLifetimeSeconds)
    return answer({ code, state })
  }
}

/** A `state` counts in the browser that it was made for. */
export function isSameBrowser(request: LocalRequest, { browser }: ProviderSignIn): boolean {
  return equalSecrets(browserToken(request).token, browser)
}

/** What a provider answers when somebody does not sign in (RFC 6749 §4.1.2.1). */
const failures = new Map([
  ['cancel', { error: 'access_denied', error_description: 'The user denied the request' }],
  ['fail', { error: 'server_error', error_description: 'The provider is out of order' }],
])

function typedClaims(fields: URLSearchParams, { provider }: ProviderSignIn): ExternalClaims | undefined {
  const sub = (fields.get('sub') ?? '').trim()
  if (!subjectPattern.test(sub)) return undefined
  const others = claimNames(provider)
    .map((name): [string, string] => [name, (fields.get(`claim.${name}`) ?? '').trim()])
    .filter(([, value]) => value !== '')
  return { ...Object.fromEntries(others), sub }
}
