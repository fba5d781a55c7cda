/** Cookies per host name, as a browser keeps them (ports share cookies); enough for the login page and an app. */
export class CookieJar {
  private readonly hosts = new Map<string, Map<string, string>>()

  header(url: URL): string {
    return [...(this.hosts.get(url.hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get(url: URL, name: string): string | undefined {
    return this.hosts.get(url.hostname)?.get(name)
  }

  store(url: URL, setCookies: readonly string[]): void {
    const cookies = this.hosts.get(url.hostname) ?? new Map<string, string>()
    this.hosts.set(url.hostname, cookies)
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split(';')
      const name = pair.slice(0, pair.indexOf('=')).trim()
      const gone = attributes.some((attribute) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute))
      if (gone) cookies.delete(name)
      else cookies.set(name, pair.slice(pair.indexOf('=') + 1).trim())
    }
  }
}

/** One request with the jar's cookies; redirects are left to the caller. */
export async function browse(jar: CookieJar, url: URL, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (jar.header(url)) headers.set('cookie', jar.header(url))
  const response = await fetch(url, { ...init, headers, redirect: 'manual' })
  jar.store(url, response.headers.getSetCookie())
  return response
}

/** The first form of a page: where it posts to, and its fields with their values. */
export function formOf(page: string, base: URL): { action: URL; fields: URLSearchParams } {
  const attribute = (tag: string, name: string) =>
    unescape(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
  const form = /<form[^>]*>/.exec(page)?.[0]
  if (form === undefined)
    throw new Error(`no form in the page: ${page.replace(/<style>[^]*<\/style>/, '').slice(0, 500)}`)
  const fields = new URLSearchParams()
  for (const [input] of page.matchAll(/<input[^>]*>/g))
    fields.set(attribute(input, 'name'), attribute(input, 'value'))
  return { action: new URL(attribute(form, 'action'), base), fields }
}

function unescape(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

async function submit(jar: CookieJar, page: Response, at: URL, values: Record<string, string>) {
  const { action, fields } = formOf(await page.text(), at)
  for (const [name, value] of Object.entries(values)) fields.set(name, value)
  return { at: action, response: await browse(jar, action, { method: 'POST', body: fields }) }
}

/**
 * Does what a person does on the managed login page, without JavaScript: follows the redirects to the form, fills it in, and
 * answers a forced new password. Gives the callback URL with `code` and `state`; it is not requested. An existing browser session
 * in the jar leads straight to the callback.
 */
export async function signInOnLoginPage(
  loginOrAuthorizeUrl: string,
  user: { username: string; password: string; newPassword?: string },
  jar: CookieJar = new CookieJar(),
): Promise<URL> {
  let at = new URL(loginOrAuthorizeUrl)
  let response = await browse(jar, at)
  // Redirects that stay on the login domain lead to the form; one that leaves is the callback.
  for (;;) {
    const location = response.headers.get('location')
    if (location === null) break
    const next = new URL(location, at)
    if (next.host !== at.host) return next
    at = next
    response = await browse(jar, at)
  }
  const first = await submit(jar, response, at, { username: user.username, password: user.password })
  const last =
    first.response.status === 200 && user.newPassword !== undefined
      ? await submit(jar, first.response, first.at, {
          new_password: user.newPassword,
          confirm_password: user.newPassword,
        })
      : first
  const callback = last.response.headers.get('location')
  if (callback === null)
    throw new Error(`the login page answered ${last.response.status} instead of a redirect`)
  return new URL(callback, last.at)
}
