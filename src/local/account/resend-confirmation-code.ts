import type { Delivery } from '../sign-in/delivery.ts'
import { invalidParameter, notAuthorized } from '../sign-in/refusal.ts'
import type { Client } from '../user-pool/client.ts'
import { exists, phantomUser } from '../user-pool/phantom.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { accountOf, simulatedDelivery } from './account-of.ts'
import { sendSignUpCode } from './sign-up.ts'

/** Sends the code of a sign-up again. Where unknown users are hidden, they and disabled ones seem to be sent one too. */
export async function resendConfirmationCode(
  pool: UserPool,
  {
    client,
    username,
    clientMetadata,
  }: { client: Client; username: string; clientMetadata?: Record<string, string> | undefined },
): Promise<Delivery> {
  const occasion = { source: 'ResendCode', client, clientMetadata } as const
  const found = accountOf(pool, client, username)
  const hidden = client.preventUserExistenceErrors === 'ENABLED'
  const user = hidden && !found.enabled ? phantomUser(pool, username) : found
  pool.attemptLimits.count(user, 'ResendConfirmationCode')
  if (!exists(pool, user)) return simulatedDelivery(pool, user, { purpose: 'sign-up', occasion })
  if (!user.enabled) throw notAuthorized('User is disabled.')
  if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.')
  const delivery = await sendSignUpCode(pool, user, occasion)
  if (delivery) return delivery
  throw invalidParameter('Auto verification not turned on.')
}
