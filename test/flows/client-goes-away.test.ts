import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, mock, test } from 'node:test'
import expressSession from 'express-session'
import { Browser, startApp, type TestApp } from '../support/app.ts'

/** Where a request waits for something. */
type Point = 'read' | 'save' | 'destroy' | 'token' | 'jwks' | 'revoke' | 'identity'

/** Holds up the first who comes to one of the points, until it is opened. */
class Gate {
  #closed: Point | undefined
  #reached = (): void => undefined
  #open = (): void => undefined
  #opened: Promise<void> = Promise.resolve()

  /** Resolves when somebody waits there. */
  close(point: Point): Promise<void> {
    this.#closed = point
    this.#opened = new Promise((resolve) => (this.#open = resolve))
    return new Promise((resolve) => (this.#reached = resolve))
  }

  open(): void {
    this.#closed = undefined
    this.#open()
  }

  async pass(point: Point): Promise<void> {
    if (this.#closed !== point) return
    this.#reached()
    await this.#opened
  }
}

class GatedStore extends expressSession.MemoryStore {
  readonly gate: Gate
  constructor(gate: Gate) {
    super()
    this.gate = gate
  }
  override get(id: string, done: (error: unknown, session?: expressSession.SessionData | null) => void) {
    void this.gate.pass('read').then(() => super.get(id, done))
  }
  override set(id: string, session: expressSession.SessionData, done?: (error?: unknown) => void) {
    void this.gate.pass('save').then(() => super.set(id, session, done))
  }
  override destroy(id: string, done?: (error?: unknown) => void) {
    void this.gate.pass('destroy').then(() => super.destroy(id, done))
  }
}

async function startGated(): Promise<{ app: TestApp; gate: Gate }> {
  const gate = new Gate()
  const pointOf = (url: string): Point =>
    url.includes('/oauth2/token') ? 'token' : url.includes('jwks') ? 'jwks' : 'revoke'
  let client: CognitoIdentityClient | undefined
  const app: TestApp = await startApp({
    store: new GatedStore(gate),
    userPool: {
      fetch: async (url, init) => {
        await gate.pass(pointOf(url))
        return fetch(url, init)
      },
    },
    identityPool: {
      endpoint: undefined,
      client: {
        send: async (...args: unknown[]) => {
          await gate.pass('identity')
          client ??= new CognitoIdentityClient({ region: 'us-east-1', endpoint: app.local.url })
          return Reflect.apply(client.send.bind(client), undefined, args) as unknown
        },
      } as unknown as CognitoIdentityClient,
    },
  })
  return { app, gate }
}

/** Asks, and goes away as soon as the request waits at the point. */
async function askAndLeave(
  browser: Browser,
  gate: Gate,
  point: Point,
  [method, path]: string[],
): Promise<void> {
  const url = new URL(path ?? '/', browser.app.url)
  const headers = { cookie: browser.jar.header(url), accept: 'application/json' }
  const reached = gate.close(point)
  const asking = request(url, { method: method ?? 'GET', headers })
  const gone = new Promise((resolve) => asking.once('error', resolve))
  asking.end()
  await reached
  asking.destroy()
  await gone
  gate.open()
  // What goes on without anybody waiting has more than one step left.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** What a browser does before, and then asks for, with the points where it waits. */
interface Journey {
  what: string
  points: Point[]
  before: (browser: Browser, app: TestApp) => Promise<string[]>
  /** Whether the same request is answered as if nothing had been. */
  again: number[]
}
const expired = (): void => mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
const journeys: Journey[] = [
  {
    what: 'the way to the login page',
    points: ['save'],
    before: () => Promise.resolve(['GET', '/login']),
    again: [303],
  },
  {
    what: 'the callback',
    points: ['read', 'save', 'token', 'jwks', 'destroy'],
    before: async (browser) => ['GET', await browser.callbackOf()],
    // Whoever reloads is signed in already, or the code was used.
    again: [303, 400],
  },
  {
    what: 'a page whose tokens have expired',
    points: ['read', 'token', 'save'],
    before: async (browser) => {
      await browser.signIn()
      expired()
      return ['GET', '/account']
    },
    again: [200],
  },
  {
    what: 'a page with AWS credentials',
    points: ['read', 'identity'],
    before: async (browser) => {
      await browser.signIn()
      return ['GET', '/identity']
    },
    again: [200],
  },
  {
    what: 'the sign-out',
    points: ['read', 'destroy', 'revoke'],
    before: async (browser) => {
      await browser.signIn()
      return ['POST', '/logout']
    },
    again: [303],
  },
]

describe('FL-08 a client that goes away', () => {
  for (const { what, points, before, again } of journeys) {
    for (const point of points) {
      test(`FL-08 on ${what}, while the app waits at "${point}", leaves no error and nothing half done`, async () => {
        const { app, gate } = await startGated()
        try {
          const browser = new Browser(app)
          const [method = '', path = ''] = await before(browser, app)
          await askAndLeave(browser, gate, point, [method, path])
          const errors = app.errors.map((error) => String((error as { code?: unknown }).code ?? error))
          assert.deepEqual(errors, [])
          const answer = await (method === 'POST' ? browser.post(path) : browser.fetch(path))
          assert.ok(again.includes(answer.status), String(answer.status))
          // The app serves others, and this browser, as before.
          mock.timers.reset()
          const other = new Browser(app)
          assert.equal((await other.signIn()).status, 303)
          assert.equal((await other.fetch('/identity')).status, 200)
        } finally {
          mock.timers.reset()
          await app.close()
        }
      })
    }
  }
})
