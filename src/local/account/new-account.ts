import { randomUUID } from '../lib/random.ts'
import type { Client } from '../user-pool/client.ts'
import { runTrigger } from '../user-pool/run-trigger.ts'
import { newUser, type User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { claimAlias } from './aliases.ts'
import type { GivenAttributes } from './attribute-rules.ts'

/**
 * A user that is not in the directory yet. Its `sub` is not that of the options, which follows from the name: a deleted user's
 * tokens must not fit a new user of that name.
 */
export function newAccount(
  pool: UserPool,
  name: string,
  given: GivenAttributes,
  part: Pick<User, 'password' | 'status'>,
): User {
  const sub = randomUUID()
  const attributes = new Map([['sub', sub] as const, ...given])
  for (const contact of ['email', 'phone_number']) {
    const verified = `${contact}_verified`
    if (attributes.has(contact) && !attributes.has(verified)) attributes.set(verified, 'false')
  }
  const username = pool.settings.usernameAttributes.length > 0 ? sub : name
  return newUser({ username, sub, attributes, ...part }, pool.clock.now())
}

interface PreSignUp {
  source: 'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser'
  client: Client | undefined
  validationData?: Record<string, string> | undefined
  clientMetadata?: Record<string, string> | undefined
}

/** Whether the pre sign-up trigger confirms the user; it may also declare the address and the number verified. */
export async function preSignUp(
  pool: UserPool,
  user: User,
  { source, client, validationData, clientMetadata }: PreSignUp,
): Promise<boolean> {
  const response = await runTrigger(pool, 'preSignUp', {
    source,
    user,
    client,
    request: {
      ...(validationData === undefined ? {} : { validationData }),
      ...(clientMetadata === undefined ? {} : { clientMetadata }),
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  })
  if (!response) return false
  const verified = [
    ['email', response.autoVerifyEmail],
    ['phone_number', response.autoVerifyPhone],
  ] as const
  for (const [contact, isVerified] of verified) {
    const value = user.attributes.get(contact)
    if (!isVerified || value === undefined) continue
    claimAlias(pool, undefined, contact, { value })
    user.attributes.set(`${contact}_verified`, 'true')
  }
  return response.autoConfirmUser
}
