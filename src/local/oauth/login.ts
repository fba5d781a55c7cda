import type { LocalHandler, LocalRequest, LocalResponse } from '../server/http.ts'
import { cookie } from '../user-pool/browser-session.ts'
import type { Attempt } from '../user-pool/auth-sessions.ts'
import type { Client } from '../user-pool/client.ts'
import { brokenPasswordRule, setPassword } from '../user-pool/password.ts'
import { equalSecrets, randomToken } from '../lib/secrets.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { checkPassword } from './check-password.ts'
import { authorizationRequest, redirectToApp, type AuthorizationRequest } from './authorization-request.ts'
import { errorResponse } from './error-page.ts'
import { newPasswordPage, signInPage, type LoginForm } from './login-page.ts'

/** `/login`: GET shows the form, POST answers it. Both check the authorization request anew. */
export function login(pool: UserPool): LocalHandler {
  return (request) => {
    const asked = authorizationRequest(pool, request.url.searchParams)
    if ('status' in asked) return asked
    const form = loginForm(request, asked)
    if (request.method !== 'POST') return signInPage(form, asked.loginHint)
    const fields = new URLSearchParams(request.body.toString('utf8'))
    // Double submit: another site can send the form, but neither read nor set this browser's cookie.
    const sent = cookie(request, 'XSRF-TOKEN')
    if (!sent || !equalSecrets(fields.get('csrf') ?? '', sent)) return errorResponse('invalid_csrf', 403)
    return fields.has('step') ? answerNewPassword(pool, form, fields) : answerSignIn(pool, form, fields)
  }
}

function loginForm(request: LocalRequest, asked: AuthorizationRequest): LoginForm {
  // Kept while the browser has one that we could have made: two tabs with a form each must both work.
  const csrf = /^[\w-]{43}$/.exec(cookie(request, 'XSRF-TOKEN') ?? '')?.[0] ?? randomToken()
  return {
    request: asked,
    action: `/login${request.url.search}`,
    csrf,
    cookies: [`XSRF-TOKEN=${csrf}; Path=/; HttpOnly; SameSite=Lax`],
  }
}

function answerSignIn(
  pool: UserPool,
  form: LoginForm,
  fields: URLSearchParams,
): LocalResponse | Promise<LocalResponse> {
  const username = (fields.get('username') ?? '').trim()
  const checked = checkPassword(pool, username, fields.get('password') ?? '')
  if ('refused' in checked) return signInPage({ ...form, message: checked.refused }, username)
  if (checked.user.status === 'CONFIRMED') return signedIn(pool, form.request, checked.user)
  // The step lives here; the page only gets its name, never the temporary password.
  const step = randomToken()
  const { client } = form.request
  pool.authSessions.set(
    step,
    { attempt: hostedAttempt(client, checked.user), pending: { name: 'NEW_PASSWORD_REQUIRED' } },
    client.authSessionValiditySeconds,
  )
  return newPasswordPage(form, username, step)
}

function answerNewPassword(
  pool: UserPool,
  form: LoginForm,
  fields: URLSearchParams,
): LocalResponse | Promise<LocalResponse> {
  const step = fields.get('step') ?? ''
  const pending = pool.authSessions.get(step)?.attempt
  if (pending?.flow !== 'HOSTED' || pending.client !== form.request.client) {
    return signInPage({ ...form, message: 'That took too long. Sign in again.' }, form.request.loginHint)
  }
  if (pending.user.status !== 'FORCE_CHANGE_PASSWORD') {
    return signInPage({ ...form, message: 'Invalid session for the user.' }, pending.user.username)
  }
  const password = fields.get('new_password') ?? ''
  const repeated = equalSecrets(password, fields.get('confirm_password') ?? '')
  const message =
    brokenPasswordRule(pool.settings.passwordPolicy, password) ??
    (repeated ? undefined : 'The two passwords are not the same.')
  if (message !== undefined) return newPasswordPage({ ...form, message }, pending.user.username, step)
  pool.authSessions.delete(step)
  setPassword(pool, pending.user, password)
  return signedIn(pool, form.request, pending.user)
}

function hostedAttempt(client: Client, user: User): Attempt {
  return {
    client,
    user,
    flow: 'HOSTED',
    srp: false,
    deviceKey: undefined,
    clientMetadata: undefined,
    results: [],
  }
}

function signedIn(pool: UserPool, asked: AuthorizationRequest, user: User): Promise<LocalResponse> {
  const sessionCookie = pool.browserSessions.start(user)
  return redirectToApp(pool, asked, { user, authTime: pool.clock.nowSeconds() }, [sessionCookie])
}
