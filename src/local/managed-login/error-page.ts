import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import { html } from './html.ts'
import { languageOf } from './languages/index.ts'
import { page } from './page.ts'

/** The domain's own error page, for what must not be redirected anywhere. */
export function errorResponse(request: LocalRequest, error: string, status = 400): LocalResponse {
  const { texts, cookies } = languageOf(request)
  const cause = new Map(Object.entries(texts.error.causes)).get(error) ?? texts.error.unknown
  const body = html`<p class="error" role="alert"><code>${error.slice(0, 100)}</code></p>
    <p>${cause}</p>`
  return page(status, { texts, title: texts.error.title, body }, { cookies })
}

/** `GET /error?error=…`. */
export const errorPage: LocalHandler = (request) =>
  errorResponse(request, request.url.searchParams.get('error') ?? 'server_error')
