import { openSession } from '../../sign-in/questions.ts'
import { notAuthorized } from '../../sign-in/refusal.ts'
import type { Client } from '../../user-pool/client.ts'
import type { User } from '../../user-pool/user.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'

interface SignUpParties {
  user: User
  client: Client
}

/**
 * A `Session` that leads from SignUp over ConfirmSignUp into `USER_AUTH` without another code, for clients that may use that flow;
 * undefined for others.
 */
export function openSignUpSession(
  pool: UserPool,
  { user, client }: SignUpParties,
  name: 'SIGNED_UP' | 'SIGN_UP_CONFIRMED',
): string | undefined {
  if (!client.explicitAuthFlows.includes('ALLOW_USER_AUTH')) return undefined
  const attempt = { client, user, flow: 'USER_AUTH' as const, srp: false, deviceKey: undefined }
  return openSession(pool, {
    attempt: { ...attempt, clientMetadata: undefined, results: [] },
    pending: { name },
  })
}

/** Throws unless the `Session` is of the sign-up of this user with this client. */
export function checkSignUpSession(pool: UserPool, session: string, { user, client }: SignUpParties): void {
  const { attempt, pending } = pool.authSessions.get(session) ?? {}
  if (pending?.name === 'SIGNED_UP' && attempt?.user === user && attempt.client === client) return
  throw notAuthorized('Invalid session for the user.')
}
