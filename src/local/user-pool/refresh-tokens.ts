import { createHash } from 'node:crypto'
import { randomBytes } from '../lib/random.ts'
import type { Clock } from '../lib/clock.ts'
import { createExpiringMap, type ExpiringEntry } from '../lib/expiring-map.ts'
import { createMemory } from '../lib/memory.ts'
import type { Client } from './client.ts'
import { rememberedSeconds, type SignIn } from './sign-ins.ts'

/** What Cognito says to a refresh token that it refuses, by the reason. */
export const refusalMessages = {
  unknown: 'Invalid Refresh Token',
  revoked: 'Refresh Token has been revoked',
  expired: 'Refresh Token has expired',
  disabled: 'User is disabled.',
  reused: 'RefreshTokenReuse',
} as const

export type RefreshRefusal = keyof typeof refusalMessages

interface RefreshToken {
  signIn: SignIn
  expiresAt: number
  rotatedAt?: number
}

export interface RefreshTokens {
  /** A new refresh token for a new sign-in. */
  issue(signIn: SignIn): string
  /**
   * Uses a token of this client: the sign-in, and the replacement when the client rotates. `mayRefresh` is asked before the
   * token counts as used.
   */
  use(
    token: string,
    client: Client,
    mayRefresh?: (signIn: SignIn) => boolean,
  ): { signIn: SignIn; replacement: string | undefined } | RefreshRefusal
  /** Ends the sign-in that the token belongs to. `foreign`: it belongs to another client, and nothing happens. */
  revoke(token: string, client: Client): 'revoked' | 'unknown' | 'foreign'
}

export function createRefreshTokens(clock: Clock, memory = createMemory()): RefreshTokens {
  // Kept by digest: real ones are long, and many thousands of them should not fill the memory.
  const tokens = createExpiringMap(clock, 100_000, memory.map<ExpiringEntry<RefreshToken>>('refreshTokens'))
  const secondsUntil = (time: number) => (time - clock.now()) / 1000
  const add = (signIn: SignIn, expiresAt: number) => {
    const token = opaqueToken()
    tokens.set(digest(token), { signIn, expiresAt }, secondsUntil(expiresAt) + rememberedSeconds)
    return token
  }
  return {
    issue: (signIn) => add(signIn, clock.now() + signIn.client.refreshTokenValiditySeconds * 1000),
    use(token, client, mayRefresh = () => true) {
      const found = tokens.get(digest(token))
      if (!found || found.signIn.client !== client) return 'unknown'
      const { signIn, expiresAt, rotatedAt } = found
      if (signIn.revoked) return 'revoked'
      if (clock.now() >= expiresAt) return 'expired'
      if (!signIn.user.enabled) return 'disabled'
      if (!mayRefresh(signIn)) return 'unknown'
      signIn.lastActiveAt = clock.nowSeconds()
      const rotation = client.refreshTokenRotation
      if (!rotation) return { signIn, replacement: undefined }
      if (rotatedAt !== undefined && clock.now() >= rotatedAt + rotation.retryGracePeriodSeconds * 1000) {
        return 'reused'
      }
      found.rotatedAt ??= clock.now()
      // The replacement keeps the original expiry: rotation never prolongs a sign-in.
      return { signIn, replacement: add(signIn, expiresAt) }
    },
    revoke(token, client) {
      const found = tokens.get(digest(token))
      if (!found) return 'unknown'
      if (found.signIn.client !== client) return 'foreign'
      found.signIn.revoked = true
      return 'revoked'
    },
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Looks like the JWE that Cognito hands out (five parts, RSA-OAEP, A256GCM), with random bytes in every part. */
function opaqueToken(): string {
  const header = Buffer.from('{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}').toString('base64url')
  return [header, ...[256, 12, 960, 16].map((size) => randomBytes(size).toString('base64url'))].join('.')
}
