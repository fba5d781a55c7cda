import { field } from '../managed-login/fields.ts'
import { formAction } from '../managed-login/form-page.ts'
import { html, type Html } from '../managed-login/html.ts'
import { languageOf } from '../managed-login/languages/index.ts'
import type { Texts } from '../managed-login/languages/texts.ts'
import { page } from '../managed-login/page.ts'
import { providerTitle } from '../managed-login/provider-title.ts'
import { browserToken } from '../managed-login/visit.ts'
import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import type { LocalRequest, LocalResponse } from '../server/http.ts'
import type { ExternalClaims, IdentityProvider } from '../user-pool/identity-providers.ts'

interface PretendProviderPage {
  request: LocalRequest
  asked: AuthorizationRequest
  provider: IdentityProvider
  people: readonly ExternalClaims[]
  isSubjectWrong?: boolean
}

/** Choose a person, or type one. */
export function pretendProviderPage(content: PretendProviderPage): LocalResponse {
  const { request, asked, provider, people, isSubjectWrong = false } = content
  const { texts, cookies } = languageOf(request)
  const browser = browserToken(request)
  const name = providerTitle(provider)
  const here = request.url.pathname + request.url.search
  const body = html`<p>${texts.provider.lead}</p>
    ${isSubjectWrong ? html`<p class="error" role="alert">${texts.provider.subjectWrong}</p>` : undefined}
    <form method="post" action="${here}">
      <input type="hidden" name="csrf" value="${browser.token}" />
      ${people.map(personButton)}
      ${people.length > 0 ? html`<p class="or">${texts.provider.someoneElse}</p>` : undefined}
      ${typedPerson(texts, provider, request)}
      <button type="submit">${texts.provider.submit}</button>
      <div class="below">
        <button class="quiet" type="submit" name="answer" value="cancel" formnovalidate>
          ${texts.provider.cancel}
        </button>
        <button class="quiet" type="submit" name="answer" value="fail" formnovalidate>
          ${texts.provider.fail}
        </button>
      </div>
    </form>`
  return page(
    200,
    { texts, title: texts.provider.title(name), body, brand: name, here },
    { formAction: formAction(asked.redirectUri), cookies: [...cookies, browser.cookie] },
  )
}

function personButton(claims: ExternalClaims, index: number): Html {
  const { sub, name, email } = claims
  const [title = sub, ...about] = [name, email, sub].filter((text) => text !== undefined)
  return html`<button class="quiet person" type="submit" name="person" value="${index}" formnovalidate>
    ${title}${about.length > 0 ? html` <small>${about.join(' · ')}</small>` : undefined}
  </button>`
}

/** A field for every claim that the provider's attribute mapping reads. */
function typedPerson(texts: Texts, provider: IdentityProvider, request: LocalRequest): Html {
  const hint = request.url.searchParams.get('login_hint') ?? undefined
  const fields = claimNames(provider).map((claim) =>
    field({
      name: `claim.${claim}`,
      label: new Map(Object.entries(texts.attributes)).get(claim) ?? claim,
      value: claim === 'email' ? hint : undefined,
      required: false,
    }),
  )
  return html`${field({ name: 'sub', label: texts.provider.subject, value: hint })} ${fields}`
}

/** What the pool wants to know of a person beside who it is. */
export function claimNames({ attributeMapping }: IdentityProvider): string[] {
  return [...new Set(attributeMapping.values())].filter((claim) => claim !== 'sub')
}
