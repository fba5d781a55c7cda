import type { Client } from '../user-pool/client.ts'
import type { Attempt, AuthFlow } from '../user-pool/auth-sessions.ts'
import { exists } from '../user-pool/phantom.ts'
import { runTrigger } from '../user-pool/run-trigger.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { whoIs } from './who.ts'

/** `AuthParameters` or `ChallengeResponses`. */
export type Parameters = ReadonlyMap<string, string>

/** How a sign-in begins: (Admin)InitiateAuth, read. */
export interface SignInRequest {
  client: Client
  parameters: Parameters
  clientMetadata: Record<string, string> | undefined
  session: string | undefined
}

/** A sign-in of the named user, after the pre authentication trigger let it begin. */
export async function beginAttempt(
  pool: UserPool,
  flow: AuthFlow,
  { client, parameters, clientMetadata }: SignInRequest,
  name: string,
): Promise<Attempt> {
  const user = whoIs(pool, client, name)
  await preAuthentication(pool, client, user, clientMetadata)
  const deviceKey = parameters.get('DEVICE_KEY')
  return { client, user, flow, srp: false, deviceKey, clientMetadata, results: [] }
}

async function preAuthentication(
  pool: UserPool,
  client: Client,
  user: User,
  validationData: Record<string, string> | undefined,
): Promise<void> {
  await runTrigger(pool, 'preAuthentication', {
    source: 'PreAuthentication_Authentication',
    user,
    client,
    request: {
      ...(validationData === undefined ? {} : { validationData }),
      ...(exists(pool, user) ? {} : { userNotFound: true }),
    },
    response: {},
  })
}
