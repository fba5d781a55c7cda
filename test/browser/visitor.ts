import assert from 'node:assert/strict'
import type { BrowserContext, Page, Response } from 'playwright-core'
import type { Example } from '../../example-app/start.ts'

interface Received {
  path: string
  headers: string
  body: string
}

/** A person at a browser of their own. Whatever the browser receives or complains about is kept, and judged at the end. */
export class Visitor {
  readonly context: BrowserContext
  readonly url: string
  /** The tab in front. */
  page!: Page
  private readonly complaints: string[] = []
  private readonly refusals: string[] = []
  private readonly received: Promise<Received>[] = []
  private readonly secrets: RegExp[]

  constructor({ url, config }: Example, context: BrowserContext) {
    this.context = context
    this.url = url
    const { clientSecret } = config.userPool
    assert.ok(clientSecret, 'the example runs with a confidential client, so that a leak would be seen')
    this.secrets = [clientSecret, config.sessionSecret].map((secret) => new RegExp(secret))
    context.on('page', (page) => this.watch(page))
  }

  /** Opens a new tab, which comes to the front. */
  async open(path: string): Promise<Response> {
    this.page = await this.context.newPage()
    return this.go(path)
  }

  async go(path: string): Promise<Response> {
    const response = await this.page.goto(new URL(path, this.url).href)
    assert.ok(response)
    // Chromium drops the bodies of a page that is left: they are read before anybody goes on.
    await Promise.all(this.received)
    return response
  }

  /** Fills in the managed login's form of the tab in front. */
  async answerLogin({ username, password }: { username: string; password: string }): Promise<void> {
    await this.page.getByLabel('Username').fill(username)
    await this.page.getByLabel('Password').fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  /** Opens a page of the app in a new tab, signs in, and arrives there. */
  async signIn(user: { username: string; password: string }, path = '/account'): Promise<void> {
    await this.open(path)
    await this.answerLogin(user)
    await this.page.waitForURL(this.url + path)
  }

  /** Fills in a form of the app's own by its labels, presses the button, and arrives at this path. */
  async submit(fields: Record<string, string>, button: string, arrives: string): Promise<void> {
    await this.fill(fields, button)
    await this.page.waitForURL(this.url + arrives)
    await Promise.all(this.received)
  }

  /** The same where the form comes back, with this refusal above it. */
  async refused(fields: Record<string, string>, button: string, says: string): Promise<void> {
    await this.fill(fields, button)
    await this.page.getByRole('alert').filter({ hasText: says }).waitFor()
    await Promise.all(this.received)
  }

  private async fill(fields: Record<string, string>, button: string): Promise<void> {
    await Promise.all(this.received)
    for (const [label, value] of Object.entries(fields)) {
      await this.page.getByLabel(label, { exact: true }).fill(value)
    }
    await this.page.getByRole('button', { name: button, exact: true }).click()
  }

  /** Signs out with the button of every page. */
  async signOut(): Promise<void> {
    await this.submit({}, 'Sign out', '/')
  }

  /** By how much the page is wider than a screen of this width, in pixels. */
  async overflowAt(width: number): Promise<number> {
    const before = this.page.viewportSize()
    await this.page.setViewportSize({ width, height: 800 })
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    const pixels: number = await this.page.evaluate(overflow)
    if (before) await this.page.setViewportSize(before)
    return pixels
  }

  get heading(): Promise<string> {
    return this.page.getByRole('heading', { level: 1 }).innerText()
  }

  /**
   * Closes the browser, and fails on any complaint of it, any refusal not named here, and any secret it received. Gives the paths
   * whose bodies were searched.
   */
  async leave({ refusals = [] }: { refusals?: string[] } = {}): Promise<Set<string>> {
    const received = await Promise.all(this.received)
    await this.context.close()
    assert.deepEqual(this.complaints, [])
    assert.deepEqual(this.refusals, refusals)
    for (const { path, headers, body } of received) {
      // The cookie and other random values in headers may hold three letters of a token's beginning by chance.
      for (const pattern of [/eyJ[\w-]+\.[\w-]+\./, /ASIA[A-Z0-9]{12}/, ...this.secrets])
        assert.ok(!pattern.test(headers), `a secret is in the headers of ${path}`)
      for (const pattern of [/eyJ/, /ASIA/, ...this.secrets])
        assert.ok(!pattern.test(body), `a secret is on ${path}`)
    }
    return new Set(received.filter(({ body }) => body !== '').map(({ path }) => path))
  }

  private watch(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      // Chromium reports every answer from 400 on here; those are held by their status below.
      if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return
      this.complaints.push(message.text())
    })
    page.on('response', (response) => this.keep(response))
  }

  private keep(response: Response): void {
    const { origin, pathname } = new URL(response.url())
    if (origin !== new URL(this.url).origin) return
    if (response.status() >= 400) this.refusals.push(`${response.status()} ${pathname}`)
    const download = response.headers()['content-disposition'] !== undefined
    const redirect = response.status() >= 300 && response.status() < 400
    const headers = response.allHeaders().catch(() => response.headers())
    // A page that a click left at once has no body any more.
    const body = download || redirect ? Promise.resolve('') : response.text().catch(() => '')
    this.received.push(
      Promise.all([headers, body]).then(([all, text]) => ({
        path: pathname,
        headers: JSON.stringify({ ...all, location: '' }),
        body: text,
      })),
    )
  }
}
