import type { Delivery } from '../sign-in/delivery.ts'
import { checkPasswordRules } from '../sign-in/new-password.ts'
import { invalidParameter, notAuthorized } from '../sign-in/refusal.ts'
import type { Contact } from '../user-pool/attributes.ts'
import type { Client } from '../user-pool/client.ts'
import type { Occasion } from '../user-pool/custom-message.ts'
import type { User } from '../user-pool/user.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { claimAlias } from './aliases.ts'
import { checkNewAttributes, checkWritable, type GivenAttributes } from './attribute-rules.ts'
import { sendCode } from './codes.ts'
import { confirm } from './confirm-sign-up.ts'
import { newAccount, preSignUp } from './new-account.ts'
import { checkNewName } from './sign-in-name.ts'

/** What somebody who signs up says about himself. */
export interface SignUpRequest {
  client: Client
  username: string
  password: string | undefined
  attributes: GivenAttributes
  validationData?: Record<string, string> | undefined
  clientMetadata?: Record<string, string> | undefined
}

/** Makes a user, who is to be confirmed with the code that was sent, unless the pre sign-up trigger does so at once. */
export async function signUp(
  pool: UserPool,
  request: SignUpRequest,
): Promise<{ user: User; delivery: Delivery | undefined }> {
  const { client, username, password, clientMetadata } = request
  if (pool.settings.allowAdminCreateUserOnly) {
    throw notAuthorized('SignUp is not permitted for this user pool')
  }
  const attribute = checkNewName(pool, username)
  const given = new Map([...request.attributes, ...(attribute ? [[attribute, username] as const] : [])])
  if (password !== undefined) checkPasswordRules(pool, password)
  else if (pool.settings.allowedFirstAuthFactors.length < 2) throw invalidParameter('Password is required.')
  checkWritable(client, request.attributes)
  checkNewAttributes(pool, given, { complete: true })
  const preferredName = given.get('preferred_username')
  if (preferredName !== undefined) {
    claimAlias(pool, undefined, 'preferred_username', { value: preferredName })
  }
  const user = newAccount(pool, username, given, { password, status: 'UNCONFIRMED' })
  const confirmed = await preSignUp(pool, user, { source: 'PreSignUp_SignUp', ...request })
  // The trigger took its time, in which somebody else may have taken the name.
  checkNewName(pool, username)
  pool.users.add(user)
  const occasion = { source: 'SignUp', client, clientMetadata } as const
  if (!confirmed) return { user, delivery: await sendSignUpCode(pool, user, occasion) }
  await confirm(pool, user, client, clientMetadata)
  return { user, delivery: undefined }
}

/** Sends the code that confirms a sign-up; undefined when the user has nothing that the pool verifies. */
export async function sendSignUpCode(
  pool: UserPool,
  user: User,
  occasion: Occasion,
): Promise<Delivery | undefined> {
  const attribute = verifiedAtSignUp(pool, user)
  return attribute && sendCode(pool, user, { purpose: 'sign-up', attribute, occasion })
}

/** Cognito sends one code, and prefers the phone. */
function verifiedAtSignUp(pool: UserPool, { attributes }: User): Contact | undefined {
  const { autoVerifiedAttributes } = pool.settings
  return (['phone_number', 'email'] as const).find(
    (name) => autoVerifiedAttributes.includes(name) && attributes.has(name),
  )
}
