import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringEntry } from '../lib/expiring-map.ts'
import { createMemory } from '../lib/memory.ts'
import type { LocalRequest } from '../server/http.ts'
import { randomToken } from '../lib/secrets.ts'
import type { Client } from './client.ts'
import type { User } from './user.ts'

/** The single sign-on session of a browser. */
export interface BrowserSession {
  user: User
  /** Seconds since the epoch. */
  authTime: number
}

export interface BrowserSessions {
  /** Starts a session and gives the `Set-Cookie` value. It is kept as long as any client may want it, and an hour at least. */
  start(user: User, clients: Iterable<Client>): string
  find(request: LocalRequest): BrowserSession | undefined
  /** Ends the session and gives the `Set-Cookie` value that removes the cookie. */
  end(request: LocalRequest): string
}

/** From the sign-in on; use does not prolong it (developer guide, "Managed login"). */
function lifetimeSecondsFor(clients: Iterable<Client>): number {
  return 60 * Math.max(60, ...[...clients].map((client) => client.ssoMaxValidityMinutes))
}

/** Whether the client still lets the session stand for its user. */
export function standsFor(
  { authTime }: BrowserSession,
  { ssoMaxValidityMinutes }: Client,
  nowSeconds: number,
): boolean {
  return nowSeconds - authTime < 60 * ssoMaxValidityMinutes
}

/** `cookieName`: one of this server's own, since browsers send the cookies of one port to every port of the host. */
export function createBrowserSessions(
  clock: Clock,
  cookieName: string,
  memory = createMemory(),
): BrowserSessions {
  const sessions = createExpiringMap(
    clock,
    10_000,
    memory.map<ExpiringEntry<BrowserSession>>('browserSessions'),
  )
  return {
    start(user, clients) {
      const lifetimeSeconds = lifetimeSecondsFor(clients)
      const id = randomToken()
      sessions.set(id, { user, authTime: clock.nowSeconds() }, lifetimeSeconds)
      return `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifetimeSeconds}`
    },
    find(request) {
      const session = sessions.get(cookie(request, cookieName) ?? '')
      return session?.user.enabled ? session : undefined
    },
    end(request) {
      sessions.delete(cookie(request, cookieName) ?? '')
      return `${cookieName}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`
    },
  }
}

/** The first cookie of that name. */
export function cookie(request: LocalRequest, name: string): string | undefined {
  const pairs = (request.headers['cookie'] ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
