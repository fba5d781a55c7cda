import type { LocalResponse } from '../server/http.ts'
import type { Client } from '../user-pool/client.ts'
import type { Settings } from '../user-pool/settings.ts'
import { attributeField } from './attribute-field.ts'
import { field } from './fields.ts'
import { addressOf, formPage } from './form-page.ts'
import { html } from './html.ts'
import { policyText } from './new-password-page.ts'
import { usernameField } from './sign-in-page.ts'
import type { Visit } from './visit.ts'

interface SignUpPage {
  username: string
  attributes: ReadonlyMap<string, string>
  message?: string | undefined
}

/** A new account: the name, whatever the pool demands or verifies, and a password. */
export function signUpPage(visit: Visit, { username, attributes, message }: SignUpPage): LocalResponse {
  const { texts, pool, asked } = visit
  const { title, password, repeat, submit, known, signIn } = texts.signUp
  const names = askedAttributes(pool.settings, asked.client)
  return formPage(visit, {
    title,
    message,
    path: '/signup',
    fields: html`${usernameField(visit, username)}
      ${names.map((attribute) => attributeField(texts, attribute, attributes.get(attribute)))}
      ${field({
        name: 'password',
        label: password,
        type: 'password',
        autocomplete: 'new-password',
        hint: policyText(texts, pool.settings.passwordPolicy),
      })}
      ${field({ name: 'confirm_password', label: repeat, type: 'password', autocomplete: 'new-password' })}
      <button type="submit">${submit}</button>`,
    after: html`<p class="below">${known} <a href="${addressOf(visit, '/login')}">${signIn}</a></p>`,
  })
}

/** Required attributes and those that a code is sent to, unless they are the name or not the client's to set. */
function askedAttributes(settings: Settings, { writeAttributes }: Client): string[] {
  const { schema, autoVerifiedAttributes, usernameAttributes } = settings
  const required = [...schema.attributes].filter(([, { required }]) => required).map(([name]) => name)
  const names = new Set([...required, ...autoVerifiedAttributes])
  // A name that may be either is also the address that the code goes to.
  const replaced = new Set<string>(usernameAttributes)
  return [...names].filter((name) => !replaced.has(name) && (writeAttributes?.has(name) ?? true))
}
