import type { LocalHandler, LocalResponse } from '../server/http.ts'
import { html, page } from './page.ts'

const explanations = new Map([
  [
    'redirect_mismatch',
    'The redirect_uri is not one of the callback URLs of this app client. They are compared as exact strings.',
  ],
  ['invalid_request', 'The client_id is unknown, or client_id or redirect_uri is missing or was sent twice.'],
  [
    'invalid_logout',
    'The logout_uri is not one of the sign-out URLs of this app client, or the client is unknown.',
  ],
  [
    'invalid_csrf',
    'This form did not come from the login page of this browser. Go back to the app and sign in again.',
  ],
])

/** The domain's own error page, for what must not be redirected anywhere. */
export function errorResponse(error: string, status = 400): LocalResponse {
  return page(status, {
    title: 'Something went wrong',
    body: html`<p class="error" role="alert"><code>${error.slice(0, 100)}</code></p>
      <p class="hint">${explanations.get(error) ?? 'The request could not be handled.'}</p>`,
  })
}

/** `GET /error?error=…`. */
export const errorPage: LocalHandler = (request) =>
  errorResponse(request.url.searchParams.get('error') ?? 'server_error')
