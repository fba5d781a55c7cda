import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Browser, location } from '../support/app.ts'
import { signInOnLoginPage } from '../support/login-form.ts'
import type { Order, Word } from './secrets-app.ts'

/** A text that occurs nowhere else. */
export const canary = (name: string) => `canary${name}${randomBytes(12).toString('hex')}`
export const clientSecret = canary('client')
export const sessionSecret = canary('session')
export const ana = { username: 'ana', password: `Canary-Passw0rd-${randomBytes(12).toString('hex')}` }

/** The app in its own process, and all that ever came out of it. */
export class Journey {
  readonly canaries = new Map<string, Set<string>>()
  readonly asked: string[] = []
  readonly answers: { path: string; status: number; head: string; location: string | null; body: string }[] =
    []
  printed = ''
  rows = ''
  url = ''
  readonly child: ChildProcess
  browser: Browser

  constructor() {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const program = fileURLToPath(new URL('secrets-app.ts', import.meta.url))
    this.child = spawn(process.execPath, ['--import', 'tsx', program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...env,
        SESSION_SECRET: sessionSecret,
        NODE_ENV: 'development',
        DEBUG: '*',
        NODE_DEBUG: 'http,https,net,tls,stream,fetch,undici,url,dns,timer',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.printed += text))
    this.child.on('message', (word: Word) => this.#hear(word))
    this.browser = new Browser(this)
  }

  #hear({ url, secrets, asked, rows }: Word): void {
    if (url !== undefined) this.url = url
    if (asked !== undefined) this.asked.push(asked)
    if (rows !== undefined) this.rows += rows
    for (const [name, value] of Object.entries(secrets ?? {})) this.watch(name, value)
  }

  /** Looks for this value from now on, if it is a secret. The nonce is none: it ends as a claim of the ID token. */
  watch(name: string, value: unknown): void {
    const secret = ['idToken', 'accessToken', 'refreshToken', 'codeVerifier', 'state', 'code']
    const aws = ['accessKeyId', 'secretAccessKey', 'sessionToken']
    const known = [...secret, ...aws, 'clientSecret', 'sessionSecret', 'password', 'upstream']
    if (!known.includes(name) || typeof value !== 'string' || value === '') return
    this.canaries.set(name, (this.canaries.get(name) ?? new Set()).add(value))
  }

  async order(order: Order): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.child.once('exit', () => reject(new Error(`the app ended: ${this.printed.slice(-2_000)}`)))
      const listen = (word: Word) => {
        if (word.done !== true) return
        this.child.off('message', listen)
        resolve()
      }
      this.child.on('message', listen)
    })
    this.child.send(order)
    await done
  }

  async note(path: string, answer: Promise<Response>): Promise<Response> {
    const response = await answer
    const head = JSON.stringify([...response.headers].filter(([name]) => name !== 'location'))
    const body = await response.clone().text()
    this.answers.push({
      path,
      status: response.status,
      head,
      location: response.headers.get('location'),
      body,
    })
    return response
  }

  open = (path: string) => this.note(path, this.browser.open(path))
  fetch = (path: string, headers: Record<string, string> = {}) =>
    this.note(path, this.browser.fetch(path, headers))
  post = (path: string) => this.note(path, this.browser.post(path))

  /** Signs in at Cognito and gives the callback URL, whose code and state are canaries from now on. */
  async callback(): Promise<string> {
    const login = await this.open('/login')
    // A page that is opened while the sign-in is pending tells what the session holds of it.
    await this.open('/')
    const callback = await signInOnLoginPage(location(login), ana, this.browser.jar)
    this.watch('code', callback.searchParams.get('code'))
    return callback.href
  }

  async signIn(): Promise<void> {
    await this.open(await this.callback())
    assert.equal((await this.fetch('/account')).status, 200)
  }

  /** The names of the canaries that a text holds, as they are, in base64 or percent-encoded. */
  found(text: string, except: readonly string[] = []): string[] {
    const spellings = (secret: string) => [
      secret,
      encodeURIComponent(secret),
      // Without the ends, which depend on what stands before and after.
      ...[0, 1, 2].map((at) => Buffer.from(secret.slice(at)).toString('base64').slice(0, 24)),
    ]
    return [...this.canaries]
      .filter(([name]) => !except.includes(name))
      .filter(([, secrets]) => [...secrets].some((one) => spellings(one).some((form) => text.includes(form))))
      .map(([name]) => name)
  }
}
