import { randomToken } from '../lib/secrets.ts'
import type { Attempt, AuthSession, Pending } from '../user-pool/auth-sessions.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { notAuthorized } from './refusal.ts'

/** Asks the next question of a sign-in: remembers what the answer will need under a new `Session`, and words it for the wire. */
export function ask(
  pool: UserPool,
  attempt: Attempt,
  pending: Pending,
  parameters: Record<string, string>,
  more: object = {},
): object {
  return {
    ChallengeName: pending.name,
    ChallengeParameters: parameters,
    Session: openSession(pool, { attempt, pending }),
    ...more,
  }
}

/** A `Session` starts as Cognito's own do, so that nobody mistakes it for a JWT. */
export function openSession(pool: UserPool, session: AuthSession): string {
  const name = `AYABe${randomToken(192)}`
  pool.authSessions.set(name, session, session.attempt.client.authSessionValiditySeconds)
  return name
}

const invalidSession = 'Invalid session for the user.'

/**
 * The sign-in that waits under this `Session` for this answer of this client and user. It stays open: a mistyped code may be typed
 * again; whoever accepts an answer closes it.
 */
export function openedSession<N extends Pending['name']>(
  pool: UserPool,
  session: string,
  caller: { name: N; clientId: string; username: string; onPage?: true | undefined },
): { attempt: Attempt; pending: Extract<Pending, { name: N }> } {
  const found = pool.authSessions.get(session)
  const { attempt, pending } = found ?? {}
  if (!attempt || pending?.name !== caller.name) throw notAuthorized(invalidSession)
  const { user, client } = attempt
  const isForeign =
    client.clientId !== caller.clientId || (attempt.flow === 'HOSTED') !== (caller.onPage ?? false)
  if (isForeign || !namesUser(pool, attempt, caller.username)) {
    throw notAuthorized(invalidSession)
  }
  if (!user.enabled) throw notAuthorized('User is disabled.')
  return { attempt, pending: pending as Extract<Pending, { name: N }> }
}

/** The internal name, `sub`, or an alias. */
export function namesUser(pool: UserPool, { user }: Attempt, username: string): boolean {
  return user.username === username || user.sub === username || pool.users.find(username) === user
}
