import type { Fleet } from '../fleet.ts'
import { LOST_HEADER } from '../proxy.ts'
import { Visitor } from '../visitor.ts'
import type { Witness } from './witness.ts'

/** What must not happen, and what happened. */
export interface Tally {
  statuses: Record<string, number>
  /** Why answers were 503. */
  unavailable: Record<string, number>
  /** Of requests whose process was killed under them. */
  lost: number
  signIns: number
  signOuts: number
  /** Signed out by the loss of a process that had spent the refresh token and not written down the new one. */
  inherentlySignedOut: number
  wronglySignedOut: number
  wrongUser: number
  wrongStatus: number
  /** Expired credentials, or tokens that count after a sign-out. */
  outlived: number
  /** Nobody answered for longer than anything may take. */
  hung: number
  /** What was seen of each violation, for whoever looks into it. */
  violations: string[]
}

export function newTally(): Tally {
  const counts = { lost: 0, signIns: 0, signOuts: 0, inherentlySignedOut: 0, wronglySignedOut: 0 }
  return {
    statuses: {},
    unavailable: {},
    ...counts,
    wrongUser: 0,
    wrongStatus: 0,
    outlived: 0,
    hung: 0,
    violations: [],
  }
}

/** What a run is about. */
export interface Scene {
  fleet: Fleet
  witness: Witness
  tally: Tally
  /** Whose each identity is. */
  identities: Map<string, string>
  /** When something was last done to the processes or to Redis. */
  disturbedAt: number
}

type Counted = 'wronglySignedOut' | 'wrongUser' | 'wrongStatus' | 'outlived'

const allowed = [200, 303, 400, 401, 403, 503]
/** Longer than news of a sign-out may take. */
const NEWS_MS = 2_500

/** One user, with what they know of themselves. */
export class Person {
  readonly username: string
  /** `unknown` after a sign-out that was answered with 503. */
  state: 'out' | 'in' | 'unknown' = 'out'
  /** Something that changes the state is under way. */
  busy = false
  readonly #scene: Scene
  #visitor: Visitor
  #sub = ''
  #accessToken: { text: string; expires: number } | undefined
  #reading = 0

  constructor(scene: Scene, username: string) {
    this.#scene = scene
    this.username = username
    this.#visitor = new Visitor(scene.fleet)
  }

  /** Does one thing that people do. */
  async act(): Promise<void> {
    if (this.busy) return
    if (this.state === 'out') return this.#alone(() => this.#signIn())
    if (this.state === 'unknown') return this.#alone(() => this.#signOut())
    const die = Math.random()
    if (die < 0.02) return this.#alone(() => this.#signOut())
    this.#reading += 1
    try {
      await this.#read(die)
    } finally {
      this.#reading -= 1
    }
  }

  /** Whether a signed-in user is let in now; for the end of a run. */
  async isWell(): Promise<boolean> {
    return this.state !== 'in' || (await this.#account()) === 200
  }

  get hasLost(): boolean {
    return this.#scene.witness.hasLost(this.#sub)
  }

  async #read(die: number): Promise<void> {
    if (die < 0.45) await this.#account()
    else if (die < 0.5) await Promise.all(Array.from({ length: 5 }, () => this.#account()))
    else if (die < 0.7) await this.#credentials()
    else if (die < 0.9) await this.#api()
    else if (die < 0.95) await this.#named(await this.#visitor.get('/admin'), 403)
    else this.#seen(await this.#visitor.api('not/a token, at all'), '/api/me')
  }

  async #alone(run: () => Promise<void>): Promise<void> {
    if (this.#reading > 0) return
    this.busy = true
    await run().finally(() => (this.busy = false))
  }

  async #signIn(): Promise<void> {
    const { witness, tally } = this.#scene
    this.#visitor = new Visitor(this.#scene.fleet)
    this.#accessToken = undefined
    witness.begins(this.#sub)
    const user = { username: this.username, password: 'Passw0rd!' }
    const answer = await this.#visitor.signIn(user)
    if (this.#seen(answer, '/callback') !== 303 || answer.headers.get('location') !== '/') return
    tally.signIns += 1
    this.state = 'in'
  }

  async #signOut(): Promise<void> {
    const { witness, tally, fleet } = this.#scene
    const status = this.#seen(await this.#visitor.post('/logout'), '/logout')
    this.state = status === 303 ? 'out' : 'unknown'
    if (status !== 303) return
    tally.signOuts += 1
    witness.begins(this.#sub)
    const token = this.#accessToken
    const at = performance.now()
    if (!token) return
    setTimeout(() => {
      void this.#visitor.api(token.text).then(
        ({ status: now }) => {
          const isCalm = this.#scene.disturbedAt < at - NEWS_MS
          if (now === 200 && isCalm)
            this.#violated('outlived', `a token counts after sign-out (${fleet.url})`)
        },
        () => undefined,
      )
    }, NEWS_MS).unref()
  }

  async #account(): Promise<number> {
    return this.#named(await this.#visitor.get('/account'))
  }

  async #api(): Promise<void> {
    const { clock } = this.#scene.fleet.local
    if (!this.#accessToken || this.#accessToken.expires < clock.now()) {
      const answer = await this.#visitor.get('/tokens')
      const status = await this.#named(answer.clone())
      if (status !== 200) return
      const { accessToken: text } = (await answer.json()) as { accessToken: string }
      const { exp } = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as {
        exp: number
      }
      this.#accessToken = { text, expires: exp * 1_000 }
    }
    const token = this.#accessToken
    const answer = await this.#visitor.api(token.text)
    // A stopped process catches up with the clock later.
    if (answer.status === 401 && token.expires < clock.now() + 60_000) this.#seen(answer, '/api/me')
    else await this.#named(answer)
  }

  async #credentials(): Promise<void> {
    const { identities, fleet } = this.#scene
    const answer = await this.#visitor.get('/credentials')
    if ((await this.#named(answer.clone())) !== 200) return
    const { identityId, expiration } = (await answer.json()) as { identityId: string; expiration: number }
    const owner = identities.get(identityId) ?? this.username
    identities.set(identityId, owner)
    if (owner !== this.username) this.#violated('wrongUser', `${this.username} has the identity of ${owner}`)
    if (expiration < fleet.local.clock.now() - 60_000) this.#violated('outlived', 'expired credentials')
  }

  /** An answer that says whose it is. */
  async #named(answer: Response, also?: number): Promise<number> {
    const status = this.#seen(answer, answer.url)
    if (status === 200) {
      const { username, sub } = (await answer.json()) as { username: string; sub: string }
      this.#sub = sub
      if (username !== this.username) this.#violated('wrongUser', `${this.username} is ${username}`)
    } else if (status === 401 && this.state === 'in') {
      this.state = 'out'
      if (this.hasLost) this.#scene.tally.inherentlySignedOut += 1
      else this.#violated('wronglySignedOut', this.#scene.witness.historyOf(this.#sub))
    } else if (![503, 502, also].includes(status) && status !== 401)
      this.#violated('wrongStatus', `${status} for ${this.username}`)
    return status
  }

  #seen(answer: Response, where: string): number {
    const { tally } = this.#scene
    const { status, headers } = answer
    if (headers.has(LOST_HEADER)) {
      tally.lost += 1
      return status
    }
    tally.statuses[status] = (tally.statuses[status] ?? 0) + 1
    if (status === 503) {
      const why = (headers.get('x-reason') ?? 'unknown').slice(0, 70)
      tally.unavailable[why] = (tally.unavailable[why] ?? 0) + 1
    }
    if (!allowed.includes(status)) this.#violated('wrongStatus', `${status} ${where}`)
    return status
  }

  #violated(what: Counted, how: string): void {
    const { tally, disturbedAt } = this.#scene
    tally[what] += 1
    const sinceMs = Math.round(performance.now() - disturbedAt)
    if (tally.violations.length < 20)
      tally.violations.push(`${what}: ${how} (${sinceMs} ms after the last event)`)
  }
}
