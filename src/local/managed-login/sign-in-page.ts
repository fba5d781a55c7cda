import type { LocalResponse } from '../server/http.ts'
import { offeredCodes } from '../sign-in/choice-flow.ts'
import { hasOwnUsers, providersOf } from '../user-pool/identity-providers.ts'
import type { Settings } from '../user-pool/settings.ts'
import { field } from './fields.ts'
import { addressOf, formPage } from './form-page.ts'
import { html, type Html } from './html.ts'
import type { SignInName } from './languages/texts.ts'
import { providerTitle } from './provider-title.ts'
import type { Visit } from './visit.ts'

interface SignInPage {
  username: string
  message?: string | undefined
  done?: string | undefined
}

/** `/login`: name and password, or the choice of an identity provider, as the client allows. */
export function signInPage(visit: Visit, { username, message, done }: SignInPage): LocalResponse {
  const { texts, asked } = visit
  const withPassword = hasOwnUsers(asked.client)
  return formPage(visit, {
    title: texts.signIn.title,
    message,
    done,
    path: '/login',
    fields: withPassword ? passwordFields(visit, username) : undefined,
    after: html`${providerLinks(visit, withPassword)} ${withPassword ? signUpLink(visit) : undefined}`,
  })
}

function passwordFields(visit: Visit, username: string): Html {
  const { texts } = visit
  const { password, submit, forgotPassword } = texts.signIn
  const isHinted = username !== ''
  return html`${usernameField(visit, username, !isHinted)}
    ${field({
      name: 'password',
      label: password,
      type: 'password',
      autocomplete: 'current-password',
      autofocus: isHinted,
    })}
    <p class="aside"><a href="${addressOf(visit, '/forgotPassword')}">${forgotPassword}</a></p>
    <button type="submit" name="signInSubmitButton" value="Sign in">${submit}</button>
    ${codeButtons(visit)}`
}

/** Codes instead of a password, where pool and client offer them (`USER_AUTH`). */
function codeButtons({ texts, pool, asked }: Visit): Html[] {
  return offeredCodes(pool, asked.client).map(
    (way) =>
      html`<button class="quiet" type="submit" name="way" value="${way}" formnovalidate>
        ${texts.signIn.withCode[way]}
      </button>`,
  )
}

function providerLinks({ pool, asked, texts, url }: Visit, isSecond: boolean): Html | undefined {
  const links = providersOf(pool, asked.client).map((provider) => {
    const query = new URLSearchParams(url.search)
    query.set('identity_provider', provider.providerName)
    const text = texts.signIn.continueWith(providerTitle(provider))
    return html`<a class="button quiet" href="${pool.domainPath}/oauth2/authorize?${query.toString()}"
      >${text}</a
    >`
  })
  if (links.length === 0) return undefined
  return html`${
    isSecond ? html`<p class="or">${texts.signIn.or}</p>` : html`<p class="lead">${texts.signIn.choose}</p>`
  }
  ${links}`
}

function signUpLink(visit: Visit): Html | undefined {
  if (visit.pool.settings.allowAdminCreateUserOnly) return undefined
  const { newHere, signUp } = visit.texts.signIn
  return html`<p class="below">${newHere} <a href="${addressOf(visit, '/signup')}">${signUp}</a></p>`
}

/** Who it is about: on every page that asks for somebody. */
export function usernameField({ texts, pool }: Visit, username: string, autofocus = true): Html {
  const name = signInName(pool.settings)
  return field({
    name: 'username',
    label: texts.signInNames[name],
    type: inputTypes[name],
    value: username,
    autocomplete: 'username',
    autofocus,
  })
}

/** What users of this pool say who they are with. */
function signInName({ usernameAttributes }: Settings): SignInName {
  const [only, ...others] = usernameAttributes
  if (only === undefined) return 'username'
  return others.length === 0 ? only : 'email_or_phone_number'
}

/** What a browser checks, and which keyboard a phone shows. */
const inputTypes = {
  username: 'text',
  email: 'email',
  phone_number: 'tel',
  email_or_phone_number: 'text',
} as const
