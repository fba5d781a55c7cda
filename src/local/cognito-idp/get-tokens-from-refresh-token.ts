import { optional } from '../server/members.ts'
import { secretMatches } from '../user-pool/client.ts'
import { refresh } from '../user-pool/refresh.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { authenticationResult } from '../sign-in/finish.ts'
import { notAuthorized } from '../sign-in/refusal.ts'
import { refreshRefusal } from '../sign-in/refresh-flow.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'

/** GetTokensFromRefreshToken: a refresh that works with rotation too; then a new refresh token comes with it. */
export async function getTokensFromRefreshToken(pool: UserPool, input: Input): Promise<object> {
  const { ClientId, RefreshToken, ClientSecret, DeviceKey } = readInput(input, {
    RefreshToken: model.anyToken,
    ClientId: model.clientId,
    ClientSecret: optional(model.clientSecret),
    DeviceKey: optional(model.deviceKey),
  })
  const client = clientOf(pool, ClientId)
  if (!secretMatches(client, ClientSecret)) {
    throw notAuthorized(`Unable to verify client secret for client ${ClientId}`)
  }
  const used = refresh(pool, client, RefreshToken, DeviceKey)
  if (typeof used === 'string') throw refreshRefusal(used)
  const { signIn, replacement } = used
  const result = await authenticationResult(pool, signIn, 'TokenGeneration_RefreshTokens', {
    RefreshToken: replacement,
  })
  return { ...result, ChallengeParameters: undefined }
}
