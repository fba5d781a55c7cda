import type { Attempt, Pending } from '../user-pool/auth-sessions.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { notAuthorized } from '../sign-in/refusal.ts'

/** The `MFA_SETUP` question of a `Session`, which alone says whose it is. */
export function setupSession(
  pool: UserPool,
  session: string,
): { attempt: Attempt; pending: Extract<Pending, { name: 'MFA_SETUP' }> } {
  const { attempt, pending } = pool.authSessions.get(session) ?? {}
  if (attempt && attempt.flow !== 'HOSTED' && pending?.name === 'MFA_SETUP') return { attempt, pending }
  throw notAuthorized('Invalid session for the user.')
}
