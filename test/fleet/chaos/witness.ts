import { unverifiedPayload } from '../../../src/lib/unverified.ts'
import type { Fleet } from '../fleet.ts'
import type { Member } from '../member.ts'
import type { WireAnswer, WireRequest } from '../wire.ts'

/** A process that is killed so soon after Cognito has answered it may not have written down what it got, in milliseconds. */
const UNWRITTEN_MS = 1_500
/** What could not be written because Redis was away is, so long after it is back: by then the client, and then the retry, have had their turn. */
const REWRITTEN_MS = 4_500
/** Credentials are renewed in their last ten minutes by processes that adopted them, and in their last five by others. */
const RENEWED_MS = 10 * 60_000
/** Tokens are refreshed in their last minute. */
const DUE_MS = 60_000
/** The clocks of the run are moved one after the other. */
const SLACK_MS = 30_000

const faults: readonly (WireAnswer | 'reset')[] = [
  'reset',
  { status: 500, body: '' },
  { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Service Unavailable</h1>' },
  {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: '{"__type":"TooManyRequestsException","message":"Too many requests"}',
  },
]

/** Sees all that goes between the processes and Cognito, and lets a part of it fail before Cognito hears of it. */
export class Witness {
  /** How many of a hundred requests fail. */
  percentage = 0
  readonly counts = {
    faults: 0,
    refreshes: 0,
    /** Answered by Cognito, and not read by the process any more. */
    lostRefreshes: 0,
    earlyRefreshes: 0,
    GetId: 0,
    GetCredentialsForIdentity: 0,
    earlyFetches: 0,
  }
  readonly #fleet: Fleet
  readonly #rotations = new Map<string, { member: Member; at: number; expires: number }>()
  /** Of a user's refreshes. */
  readonly #history = new Map<string, { what: string; at: number }[]>()
  readonly #users = new Map<string, string>()
  readonly #fetched = new Map<string, number>()
  /** Users whose newest tokens went down with a process. */
  readonly #exposed = new Set<string>()
  /** What was done to processes and to Redis. */
  readonly #disturbances: { what: string; at: number }[] = []
  /** The life that each process is in, which no other has; `undefined` while it is dead. */
  readonly #lives = new Map<Member, number | undefined>()
  /** In which life a process asked. */
  readonly #askedIn = new WeakMap<WireRequest, number>()
  #starts = 0
  #redis = { goneAt: Number.NEGATIVE_INFINITY, backAt: Number.NEGATIVE_INFINITY }

  constructor(fleet: Fleet) {
    this.#fleet = fleet
    for (const member of fleet.members) {
      this.started(member)
      member.wire.before = (request) => {
        const life = this.#lives.get(member)
        if (life !== undefined) this.#askedIn.set(request, life)
        return Promise.resolve(this.#fault(request))
      }
      member.wire.lost = (request, answer) => this.#lose(request, answer)
      member.wire.after = (request, answer) => Promise.resolve(this.#see(member, request, answer))
    }
  }

  /** Something is done now; `to` a process, if it is one. */
  disturbed(what: string, to?: Member): void {
    const whom = to ? ` ${this.#fleet.members.indexOf(to)}` : ''
    this.#disturbances.push({ what: `${what}${whom}`, at: performance.now() })
  }

  /** Redis was away, and is back now. */
  redisWasAway(goneAt: number): void {
    this.#redis = { goneAt, backAt: performance.now() }
  }

  /** A process is killed now. */
  killed(member: Member): void {
    const now = performance.now()
    this.#lives.set(member, undefined)
    const { goneAt, backAt } = this.#redis
    const since = Math.min(now - UNWRITTEN_MS, now - backAt < REWRITTEN_MS ? goneAt : now)
    for (const [sub, rotation] of this.#rotations)
      if (rotation.member === member && rotation.at > since) this.#exposed.add(sub)
  }

  /** A process listens, for the first time or again. */
  started(member: Member): void {
    this.#starts += 1
    this.#lives.set(member, this.#starts)
  }

  /** Whether nobody can have the newest tokens of a user any more. */
  hasLost(sub: string): boolean {
    return this.#exposed.has(sub)
  }

  /** The user signs in, or has signed out: what was lost, and what was fetched, is of the past. */
  begins(sub: string): void {
    this.#exposed.delete(sub)
    this.#fetched.delete(sub)
    this.#rotations.delete(sub)
  }

  /** For whoever looks into a violation. */
  historyOf(sub: string): string {
    const now = performance.now()
    const steps = this.#history.get(sub) ?? []
    const begun = (steps[0]?.at ?? now) - 10_000
    const all = [...steps, ...this.#disturbances.filter(({ at }) => at > begun)]
    return all
      .sort((one, other) => one.at - other.at)
      .map(({ what, at }) => `${what} ${Math.round(now - at)} ms ago`)
      .join(', ')
  }

  #note(sub: string, what: string): void {
    const steps = [...(this.#history.get(sub) ?? []), { what, at: performance.now() }]
    this.#history.set(sub, steps.slice(-6))
  }

  #lose({ operation }: WireRequest, { status, body }: WireAnswer): void {
    if (operation !== '/oauth2/token' || status !== 200) return
    const sub = subOf(body)
    this.#exposed.add(sub)
    this.counts.lostRefreshes += 1
    this.#note(sub, 'lost')
  }

  #fault({ method, operation }: WireRequest): WireAnswer | 'reset' | undefined {
    const isOfProcess = operation.startsWith('Get') || /token$|revoke$|jwks\.json$/.test(operation)
    if (method === 'OPTIONS' || !isOfProcess || Math.random() * 100 >= this.percentage) return undefined
    this.counts.faults += 1
    return faults[Math.floor(Math.random() * faults.length)]
  }

  #see(member: Member, request: WireRequest, answer: WireAnswer): void {
    const { operation, body } = request
    const index = this.#fleet.members.indexOf(member)
    if (answer.status !== 200) {
      const sub = this.#users.get(new URLSearchParams(body).get('refresh_token') ?? '')
      if (operation === '/oauth2/token' && sub !== undefined)
        this.#note(sub, `refused by ${index} (${answer.body})`)
      return
    }
    const now = this.#fleet.local.clock.now()
    if (operation === '/oauth2/token') {
      const tokens = JSON.parse(answer.body) as { id_token: string; refresh_token: string }
      const { exp } = unverifiedPayload(tokens.id_token)
      const sub = subOf(answer.body)
      const known = this.#rotations.get(sub)
      this.#users.set(tokens.refresh_token, sub)
      this.#note(sub, `tokens for ${index}`)
      this.#rotations.set(sub, { member, at: performance.now(), expires: Number(exp) * 1_000 })
      if (!body.includes('grant_type=refresh_token')) return
      if (this.#isHeard(member, request)) this.#exposed.delete(sub)
      else this.#exposed.add(sub)
      this.counts.refreshes += 1
      if (known && known.expires - DUE_MS > now + SLACK_MS) this.counts.earlyRefreshes += 1
    }
    if (operation === 'GetId') this.counts.GetId += 1
    if (operation === 'GetCredentialsForIdentity') this.#seeCredentials(body, answer.body, now)
  }

  /** What a process has asked that was killed since, nobody hears the answer to. */
  #isHeard(member: Member, request: WireRequest): boolean {
    const life = this.#lives.get(member)
    return life !== undefined && this.#askedIn.get(request) === life
  }

  #seeCredentials(asked: string, answered: string, now: number): void {
    this.counts.GetCredentialsForIdentity += 1
    const { Logins } = JSON.parse(asked) as { Logins: Record<string, string> }
    const { Credentials } = JSON.parse(answered) as { Credentials: { Expiration: number } }
    const sub = unverifiedPayload(Object.values(Logins)[0] ?? '')['sub'] as string
    const known = this.#fetched.get(sub)
    this.#fetched.set(sub, Credentials.Expiration * 1_000)
    if (known !== undefined && known - RENEWED_MS > now + SLACK_MS) this.counts.earlyFetches += 1
  }
}

function subOf(answer: string): string {
  return unverifiedPayload((JSON.parse(answer) as { id_token: string }).id_token)['sub'] as string
}
