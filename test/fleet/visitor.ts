import { CookieJar, signInOnLoginPage } from '../support/login-form.ts'
import { rawRequest } from '../support/raw-request.ts'
import type { Fleet } from './fleet.ts'

/** A person with a browser at the app; what they ask goes through the proxy, or to the process that a test names. */
export class Visitor {
  readonly jar = new CookieJar()
  /** The ids of the processes that have answered. */
  readonly met = new Set<number>()
  readonly #fleet: Pick<Fleet, 'url' | 'local'>

  constructor(fleet: Pick<Fleet, 'url' | 'local'>) {
    this.#fleet = fleet
  }

  /** Asks for data as a script of the app's own page does. */
  get(path: string, at = this.#fleet.url): Promise<Response> {
    return this.#send('GET', new URL(path, at), { 'sec-fetch-mode': 'cors', accept: 'application/json' })
  }

  /** Presses the button of a form. */
  post(path: string, at = this.#fleet.url): Promise<Response> {
    return this.#send('POST', new URL(path, at), {
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'same-origin',
    })
  }

  /** An API client's request: no cookies. */
  api(accessToken: string, at = this.#fleet.url): Promise<Response> {
    return rawRequest(new URL('/api/me', at), { headers: { authorization: `Bearer ${accessToken}` } })
  }

  /** The whole way over the login page. Gives the first answer that is no redirect to it, or that on the callback. */
  async signIn(user: { username: string; password: string }): Promise<Response> {
    const login = await this.get('/login')
    const to = login.headers.get('location')
    if (to === null) return login
    // Past the wire: what happens on it is between the processes and Cognito.
    const page = new URL(new URL(to).pathname + new URL(to).search, this.#fleet.local.url)
    const { pathname, search } = await signInOnLoginPage(page.href, user)
    return this.get(pathname + search)
  }

  async #send(method: string, url: URL, headers: Record<string, string>): Promise<Response> {
    const cookie = this.jar.header(url)
    const response = await rawRequest(url, { method, headers: { ...headers, ...(cookie && { cookie }) } })
    this.jar.store(url, response.headers.getSetCookie())
    this.met.add(Number(response.headers.get('x-process')))
    return response
  }
}
