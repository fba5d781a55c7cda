import type { LocalResponse } from '../server/http.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { html, page, type Html } from './page.ts'

/** What every form of the login page carries. */
export interface LoginForm {
  request: AuthorizationRequest
  /** Where the form posts to: `/login` with the query it came with. */
  action: string
  csrf: string
  cookies: string[]
  message?: string | undefined
}

/** Name and password. */
export function signInPage(form: LoginForm, username: string): LocalResponse {
  const hinted = username !== ''
  return loginPage(
    form,
    'Sign in',
    html`<label for="username">Username</label>
      <input
        id="username"
        name="username"
        value="${username}"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required${hinted ? '' : ' autofocus'}
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required${hinted ? ' autofocus' : ''}
      />
      <button type="submit" name="signInSubmitButton" value="Sign in">Sign in</button>`,
  )
}

/** The second step of a user with a temporary password. */
export function newPasswordPage(form: LoginForm, username: string, step: string): LocalResponse {
  return loginPage(
    form,
    'Choose a new password',
    html`<p>Signing in as ${username} for the first time.</p>
      <input type="text" name="username" value="${username}" autocomplete="username" readonly hidden />
      <input type="hidden" name="step" value="${step}" />
      <label for="new_password">New password</label>
      <input
        id="new_password"
        name="new_password"
        type="password"
        autocomplete="new-password"
        aria-describedby="policy"
        required
        autofocus
      />
      <p class="hint" id="policy">
        At least 8 characters, with an upper-case letter, a lower-case letter, a digit and a symbol.
      </p>
      <label for="confirm_password">Repeat the new password</label>
      <input
        id="confirm_password"
        name="confirm_password"
        type="password"
        autocomplete="new-password"
        required
      />
      <button type="submit">Save and sign in</button>`,
  )
}

function loginPage(form: LoginForm, title: string, fields: Html): LocalResponse {
  const body = html`<p>to continue to <strong>${appName(form.request)}</strong></p>
    ${form.message === undefined ? '' : html`<p class="error" role="alert">${form.message}</p>`}
    <form method="post" action="${form.action}">
      <input type="hidden" name="csrf" value="${form.csrf}" />
      ${fields}
    </form>`
  return page(200, { title, body }, { formAction: formAction(form.request), cookies: form.cookies })
}

function appName(request: AuthorizationRequest): string {
  const { host, protocol } = new URL(request.redirectUri)
  return host || protocol
}

/** Chromium holds the redirect after a POST against `form-action` too, so the callback's origin must be in it. */
function formAction(request: AuthorizationRequest): string {
  const { origin, protocol } = new URL(request.redirectUri)
  return `'self' ${origin === 'null' ? protocol : origin}`
}
