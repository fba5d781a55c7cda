import { randomUUID } from '../lib/random.ts'
import { runTrigger } from '../user-pool/run-trigger.ts'
import { newUser } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import type { SignInRequest } from './request.ts'

/**
 * Lets the user migration trigger bring a user whom the pool does not know yet: with the password that was typed, or without one
 * when it was forgotten.
 */
export async function migrateUser(
  pool: UserPool,
  { client, clientMetadata }: Pick<SignInRequest, 'client' | 'clientMetadata'>,
  name: string,
  password: string | undefined,
): Promise<void> {
  if (pool.users.find(name)) return
  const response = await runTrigger(pool, 'userMigration', {
    source: password === undefined ? 'UserMigration_ForgotPassword' : 'UserMigration_Authentication',
    user: { username: name, attributes: new Map() },
    client,
    request: {
      ...(password === undefined ? {} : { password }),
      ...(clientMetadata === undefined ? {} : { validationData: clientMetadata }),
    },
    response: {},
  })
  if (!response?.userAttributes) return
  const { userAttributes, finalUserStatus = 'CONFIRMED' } = response
  const sub = randomUUID()
  const attributes = new Map([...Object.entries(userAttributes), ['sub', sub] as const])
  const username = pool.settings.usernameAttributes.length > 0 ? sub : name
  pool.users.add(newUser({ username, sub, password, attributes, status: finalUserStatus }, pool.clock.now()))
}
