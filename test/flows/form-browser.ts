import { browse, CookieJar, formOf } from '../support/login-form.ts'
import { rawRequest } from '../support/raw-request.ts'

/** What a test may change of a submitted form. */
export interface Submission {
  headers?: Record<string, string>
  method?: string
  body?: string
}

const navigation = { accept: 'text/html,*/*', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' }

/** A browser without JavaScript on an app: its own cookies; redirects are left to the test. */
export class FormBrowser {
  readonly jar = new CookieJar()
  url: string

  constructor(url: string) {
    this.url = url
  }

  open(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { method: 'GET', headers: { ...navigation, ...headers } })
  }

  /** Sends these fields, as a form of a page of the app does. */
  submit(path: string, fields: Record<string, string>, change: Submission = {}): Promise<Response> {
    const { method = 'POST', headers = {}, body = new URLSearchParams(fields).toString() } = change
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#send(path, { method, body, headers: { ...navigation, ...type, ...headers } })
  }

  /** Opens a page and fills in its form. */
  async fillIn(path: string, fields: Record<string, string>): Promise<Response> {
    const page = await browse(this.jar, new URL(path, this.url))
    if (page.status !== 200) throw new Error(`${path} answered ${page.status}, not with a form`)
    const hidden = formOf((await page.text()).replace(/^[^]*<main/, ''), new URL(path, this.url)).fields
    const known = hidden.get('challenge')
    return this.submit(path, { ...(known !== null && { challenge: known }), ...fields })
  }

  async #send(
    path: string,
    { headers, ...init }: { method: string; body?: string; headers: Record<string, string> },
  ): Promise<Response> {
    const url = new URL(path, this.url)
    const cookie = this.jar.header(url)
    const response = await rawRequest(url, { ...init, headers: { ...(cookie && { cookie }), ...headers } })
    this.jar.store(url, response.headers.getSetCookie())
    return response
  }
}
