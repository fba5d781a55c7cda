import { randomUUID } from '../lib/random.ts'
import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringEntry } from '../lib/expiring-map.ts'
import { createMemory } from '../lib/memory.ts'
import { randomToken } from '../lib/secrets.ts'
import type { Client } from './client.ts'
import type { User } from './user.ts'

/** One sign-in: what all tokens that descend from it share. */
export interface SignIn {
  /** `tkn…`, 28 characters: the name of this sign-in in the sessions API. */
  sessionId: string
  originJti: string
  eventId: string
  user: User
  client: Client
  /** Granted scopes of the domain flow; undefined for a sign-in through the API. */
  scopes: readonly string[] | undefined
  /** Seconds since the epoch; a refresh does not change it. */
  authTime: number
  /** The device that took part. With device tracking, a sign-in of the API without one cannot be refreshed. */
  deviceKey: string | undefined
  /** The API that the access token is for (RFC 8707). */
  resource: string | undefined
  revoked: boolean
  /** Seconds since the epoch. */
  lastActiveAt: number
}

/** How long an expired token is told from an unknown one. */
export const rememberedSeconds = 30 * 86_400

type NewSignIn = Pick<SignIn, 'user' | 'client' | 'scopes' | 'authTime'> &
  Partial<Pick<SignIn, 'deviceKey' | 'resource'>>

/** A sign-in that nothing remembers, for tokens made to order. */
export function newSignIn(part: NewSignIn): SignIn {
  return {
    deviceKey: undefined,
    resource: undefined,
    ...part,
    sessionId: `tkn${randomToken(24).replace(/[-_]/g, 'x').slice(0, 25)}`,
    originJti: randomUUID(),
    eventId: randomUUID(),
    revoked: false,
    lastActiveAt: part.authTime,
  }
}

/** The sign-ins whose tokens may still be alive. */
export interface SignIns {
  start(part: NewSignIn): SignIn
  /** By the `origin_jti` or `event_id` of any of its tokens. */
  find(id: string): SignIn | undefined
  ofUser(user: User): SignIn[]
  isRevoked(id: string): boolean
  /** Ends every sign-in of a user. */
  revokeAll(user: User): void
}

export function createSignIns(clock: Clock, memory = createMemory()): SignIns {
  const kept = (name: string) => memory.map<ExpiringEntry<SignIn>>(name)
  const signIns = createExpiringMap(clock, 100_000, kept('signIns'))
  // Tokens of a client without revocation carry no `origin_jti`, and are found all the same.
  const byEvent = createExpiringMap(clock, 100_000, kept('signInsByEvent'))
  const find = (id: string) => signIns.get(id) ?? byEvent.get(id)
  const ofUser = (user: User) => signIns.values().filter((signIn) => signIn.user === user)
  return {
    start(part) {
      const signIn = newSignIn(part)
      const { refreshTokenValiditySeconds, accessTokenValiditySeconds } = part.client
      // As long as any token of the sign-in may still be shown.
      const lifetimeSeconds = refreshTokenValiditySeconds + rememberedSeconds + accessTokenValiditySeconds
      signIns.set(signIn.originJti, signIn, lifetimeSeconds)
      byEvent.set(signIn.eventId, signIn, lifetimeSeconds)
      return signIn
    },
    find,
    ofUser,
    isRevoked: (id) => find(id)?.revoked === true,
    revokeAll(user) {
      for (const signIn of ofUser(user)) signIn.revoked = true
    },
  }
}
