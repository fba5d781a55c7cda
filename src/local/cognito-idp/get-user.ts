import { readable } from '../user-pool/attribute-claims.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { callerOf } from './caller.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'

/** GetUser: the attributes that the client may see, all as strings, and the second factors. */
export async function getUser(pool: UserPool, input: Input): Promise<object> {
  const { AccessToken } = readInput(input, { AccessToken: model.accessToken })
  const { user, clientId } = await callerOf(pool, AccessToken)
  const client = pool.clients.get(clientId)
  const attributes = client ? readable(client, user.attributes) : [...user.attributes]
  const { enabled, preferred } = user.mfa
  return {
    UserAttributes: attributes.map(([Name, Value]) => ({ Name, Value })),
    Username: user.username,
    PreferredMfaSetting: preferred,
    // Absent rather than empty.
    UserMFASettingList: enabled.size > 0 ? [...enabled] : undefined,
  }
}
