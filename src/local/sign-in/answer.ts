import type { Attempt, Pending } from '../user-pool/auth-sessions.ts'
import type { Client } from '../user-pool/client.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { checkSecretHash } from './client-checks.ts'
import { usernameParameter } from './parameters.ts'
import { openedSession } from './questions.ts'
import { invalidParameter } from './refusal.ts'
import type { Parameters } from './request.ts'

/** (Admin)RespondToAuthChallenge, read. */
export interface AnswerRequest {
  client: Client
  responses: Parameters
  session: string | undefined
  clientMetadata: Record<string, string> | undefined
  /** Answered on a page of the domain: no API client can go on with such a sign-in, and no page with one of the API. */
  onPage?: true | undefined
}

/** A question that is being answered. */
interface Answering<N extends Pending['name']> {
  attempt: Attempt
  pending: Extract<Pending, { name: N }>
  /** The answer was accepted: its `Session` counts no more. */
  close: () => void
}

/** Finds the question that a `Session` asks, for the user and client that answer it. */
export function answering<N extends Pending['name']>(
  pool: UserPool,
  { client, responses, session, clientMetadata, onPage }: AnswerRequest,
  name: N,
): Answering<N> {
  const username = usernameParameter(responses)
  if (session === undefined) throw invalidParameter('Missing required parameter Session')
  const user = pool.users.find(username)
  // The hash is over the internal name from here on, never over an alias.
  const names = user ? [user.username, user.sub] : [username]
  if (!onPage) checkSecretHash(client, names, responses.get('SECRET_HASH'))
  const opened = openedSession(pool, session, { name, clientId: client.clientId, username, onPage })
  opened.attempt.clientMetadata = clientMetadata ?? opened.attempt.clientMetadata
  opened.attempt.deviceKey = responses.get('DEVICE_KEY') ?? opened.attempt.deviceKey
  return { ...opened, close: () => pool.authSessions.delete(session) }
}
