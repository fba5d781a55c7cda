import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { browse, CookieJar, formOf } from '../../support/login-form.ts'

/** Somebody at a browser without scripts: follows redirects, fills in forms, and is either on a page or back at the app. */
export class Person {
  readonly jar = new CookieJar()
  /** The address of the page, or what the app was called with. */
  at = new URL('about:blank')
  /** Empty at the app. */
  page = ''
  status = 0

  async go(url: string | URL, init: RequestInit = {}): Promise<this> {
    const from = new URL(url)
    const response = await browse(this.jar, from, init)
    const location = response.headers.get('location')
    if (location !== null) {
      const to = new URL(location, from)
      if (to.host === from.host) return this.go(to)
      Object.assign(this, { at: to, page: '', status: response.status })
      return this
    }
    Object.assign(this, { at: from, page: await response.text(), status: response.status })
    return this
  }

  /** Sends the form of the page with these values in it. */
  async submit(values: Record<string, string>): Promise<this> {
    const { action, fields } = formOf(this.page, this.at)
    for (const [name, value] of Object.entries(values)) fields.set(name, value)
    return this.go(action, { method: 'POST', body: fields })
  }

  get heading(): string {
    return text(/<h1>([^]*?)<\/h1>/.exec(this.page)?.[1] ?? '')
  }

  /** What the page complains about. */
  get alert(): string {
    return text(/role="alert">([^]*?)<\/p>/.exec(this.page)?.[1] ?? '')
  }

  /** What the page is glad about. */
  get done(): string {
    return text(/role="status">([^]*?)<\/p>/.exec(this.page)?.[1] ?? '')
  }

  /** Where a link of the page leads. */
  link(name: string): URL {
    const links = [...this.page.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)</g)]
    const found = links.find(([, , label = '']) => text(label) === name)
    assert.ok(found, `no link "${name}" on the page`)
    return new URL(text(found[1] ?? ''), this.at)
  }

  /** The parameter that the app was called with. */
  answer(name: string): string | null {
    const fragment = new URLSearchParams(this.at.hash.slice(1))
    return this.at.searchParams.get(name) ?? fragment.get(name)
  }
}

function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .trim()
}

/** What an authenticator app shows at a time (RFC 6238, with the arithmetic of RFC 4226 §5.4). */
export function authenticatorCode(secretCode: string, nowMs: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let bits = 0n
  for (const letter of secretCode) bits = bits * 32n + BigInt(alphabet.indexOf(letter))
  const bytes = Math.floor((secretCode.length * 5) / 8)
  const key = (bits >> BigInt((secretCode.length * 5) % 8)).toString(16).padStart(bytes * 2, '0')
  const counter = Math.floor(nowMs / 30_000)
    .toString(16)
    .padStart(16, '0')
  const mac = createHmac('sha1', Buffer.from(key, 'hex')).update(Buffer.from(counter, 'hex')).digest()
  const offset = (mac[19] ?? 0) % 16
  return String((mac.readUInt32BE(offset) % 2 ** 31) % 1_000_000).padStart(6, '0')
}
