/** A browser without scripts that stays on one origin: it follows redirects, keeps cookies and sends forms. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  #at = new URL('about:blank')
  #page = ''

  /** Where a redirect leaves the origin; undefined while there is a page to look at. */
  async open(url: URL, init: RequestInit = {}): Promise<URL | undefined> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, headers: { cookie }, redirect: 'manual' })
    this.#keep(response.headers.getSetCookie())
    this.#page = await response.text()
    this.#at = url
    const location = response.headers.get('location')
    if (location === null) return undefined
    const next = new URL(location, url)
    return next.origin === url.origin ? this.open(next) : next
  }

  /** Sends the form of the page, with these values in it. */
  async submit(values: Record<string, string>): Promise<URL | undefined> {
    const form = /<form[^>]*>/.exec(this.#page)?.[0]
    if (form === undefined) throw new Error(`${this.#at.pathname} has no form; it says: ${this.says}`)
    const inputs = this.#page.slice(this.#page.indexOf(form)).matchAll(/<input[^>]*>/g)
    const fields = new URLSearchParams()
    for (const [input] of inputs) fields.set(attribute(input, 'name'), attribute(input, 'value'))
    for (const [name, value] of Object.entries(values)) fields.set(name, value)
    return this.open(new URL(attribute(form, 'action'), this.#at), { method: 'POST', body: fields })
  }

  /** The heading of the page, and what it complains about. */
  get says(): string {
    const texts = [/<h1>([^]*?)<\/h1>/, /role="alert">([^]*?)<\/p>/].map((part) => part.exec(this.#page)?.[1])
    return texts
      .filter((text) => text !== undefined)
      .map((text) => unescaped(text.replace(/<[^<>]*>/g, '')).trim())
      .join(': ')
  }

  #keep(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [pair = ''] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      if (/; *max-age=0(;|$)/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, pair.slice(name.length + 1))
    }
  }
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
