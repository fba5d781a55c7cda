import type { LocalRequest } from '../../server/http.ts'
import { cookie } from '../../user-pool/browser-session.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { ja } from './ja.ts'
import type { Texts } from './texts.ts'

/** The languages of the pages; the first one is the default. */
export const languages: readonly [Texts, ...Texts[]] = [en, de, ja]

const named = (code: string | null | undefined) => languages.find((one) => one.code === code)

/**
 * The language of a page: the one that `lang` names, or the one that it named last, or English (developer guide, "Managed login
 * localization"). `cookies`: what makes the browser remember.
 */
export function languageOf(request: LocalRequest): { texts: Texts; cookies: string[] } {
  const asked = named(request.url.searchParams.get('lang'))
  if (asked) return { texts: asked, cookies: [`lang=${asked.code}; Path=/; HttpOnly; SameSite=Lax`] }
  return { texts: named(cookie(request, 'lang')) ?? languages[0], cookies: [] }
}

/** A message of the service in this language. */
export function translated(texts: Texts, message: string): string {
  return new Map(Object.entries(texts.messages)).get(message) ?? message
}
