import { randomInt } from '../lib/random.ts'
import { deliver } from '../sign-in/delivery.ts'
import { checkPasswordRules } from '../sign-in/new-password.ts'
import { ServiceError } from '../server/service-error.ts'
import type { Contact } from '../user-pool/attributes.ts'
import { setPassword, type PasswordPolicy } from '../user-pool/password.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { claimAlias } from './aliases.ts'
import { checkNewAttributes, type GivenAttributes } from './attribute-rules.ts'
import { newAccount, preSignUp } from './new-account.ts'
import { checkNewName } from './sign-in-name.ts'

export interface CreateUserRequest {
  username: string
  attributes: GivenAttributes
  /** Default: generated, unless the pool has users without a password. */
  temporaryPassword: string | undefined
  forceAliasCreation: boolean
  /** Where the invitation goes; nowhere when empty. */
  mediums: readonly ('EMAIL' | 'SMS')[]
  validationData: Record<string, string> | undefined
  clientMetadata: Record<string, string> | undefined
}

/** Makes a user on behalf of an administrator, who has a temporary password, or none at all. */
export async function createUser(pool: UserPool, request: CreateUserRequest): Promise<User> {
  const { username, attributes, validationData, clientMetadata } = request
  const attribute = checkNewName(pool, username, 'User account already exists')
  const given = new Map([...attributes, ...(attribute ? [[attribute, username] as const] : [])])
  checkNewAttributes(pool, given, { complete: false })
  const password = temporaryPassword(pool, request)
  const status = password === undefined ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD'
  const user = newAccount(pool, username, given, { password, status })
  await preSignUp(pool, user, {
    source: 'PreSignUp_AdminCreateUser',
    client: undefined,
    validationData,
    clientMetadata,
  })
  // The trigger took its time, in which somebody else may have taken the name.
  checkNewName(pool, username, 'User account already exists')
  claimAliases(pool, given, request.forceAliasCreation)
  pool.users.add(user)
  await invite(pool, user, request)
  return user
}

/** Sends the invitation again, with a new temporary password. */
export async function resendInvitation(pool: UserPool, request: CreateUserRequest): Promise<User> {
  const user = pool.users.find(request.username)
  if (!user) throw new ServiceError('UserNotFoundException', 'User does not exist.')
  if (user.status !== 'FORCE_CHANGE_PASSWORD') {
    throw new ServiceError(
      'UnsupportedUserStateException',
      `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
    )
  }
  const password = temporaryPassword(pool, request) ?? generatedPassword(pool.settings.passwordPolicy)
  setPassword(pool, user, password, { temporary: true })
  await invite(pool, user, request)
  return user
}

function temporaryPassword(
  pool: UserPool,
  { temporaryPassword: given }: CreateUserRequest,
): string | undefined {
  if (given !== undefined) {
    checkPasswordRules(pool, given)
    return given
  }
  const passwordless = pool.settings.allowedFirstAuthFactors.length > 1
  return passwordless ? undefined : generatedPassword(pool.settings.passwordPolicy)
}

function claimAliases(pool: UserPool, given: GivenAttributes, force: boolean): void {
  for (const contact of ['email', 'phone_number'] as const) {
    const value = given.get(contact)
    if (value && given.get(`${contact}_verified`) === 'true') {
      claimAlias(pool, undefined, contact, { value, force })
    }
  }
  const preferredName = given.get('preferred_username')
  if (preferredName) claimAlias(pool, undefined, 'preferred_username', { value: preferredName, force })
}

/** To each address that the user has, of those wanted. */
async function invite(
  pool: UserPool,
  user: User,
  { mediums, clientMetadata }: Pick<CreateUserRequest, 'mediums' | 'clientMetadata'>,
): Promise<void> {
  const occasion = { source: 'AdminCreateUser', client: undefined, clientMetadata } as const
  const contacts: Record<'EMAIL' | 'SMS', Contact> = { EMAIL: 'email', SMS: 'phone_number' }
  for (const contact of mediums.map((medium) => contacts[medium])) {
    if (user.attributes.has(contact) && user.password !== undefined) {
      await deliver(pool, user, contact, { purpose: 'INVITATION', code: user.password, occasion })
    }
  }
}

/** One character of each kind, so that it obeys any policy, and none that is easily misread. */
function generatedPassword({ minimumLength }: PasswordPolicy): string {
  const kinds = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!@#$%&*?']
  const length = Math.max(minimumLength, 8)
  const any = kinds.join('')
  const pick = (from: string) => from.charAt(randomInt(from.length))
  const characters = [...kinds, ...Array.from({ length: length - kinds.length }, () => any)].map(pick)
  return characters
    .map((character) => ({ character, place: randomInt(2 ** 32) }))
    .sort((a, b) => a.place - b.place)
    .map(({ character }) => character)
    .join('')
}
