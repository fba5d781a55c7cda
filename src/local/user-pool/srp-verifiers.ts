import { randomBytes } from '../lib/random.ts'
import { numberOf } from '../srp/group.ts'
import { verifierOf, type SrpIdentity, type SrpVerifier } from '../srp/server.ts'
import { phantomBytes } from './phantom.ts'
import type { User } from './user.ts'
import type { UserPool } from './user-pool.ts'

/** The verifiers of passwords: each is computed once for a password, at its first use. */
export interface SrpVerifiers {
  of(pool: UserPool, user: User): SrpVerifier
}

/** Who an SRP sign-in is about: the pool id after the underscore, and the internal username. */
export function srpIdentity(pool: UserPool, user: User): SrpIdentity {
  return { name: pool.userPoolId.slice(pool.userPoolId.indexOf('_') + 1), id: user.username }
}

export function createSrpVerifiers(): SrpVerifiers {
  const verifiers = new WeakMap<User, { password: string; verifier: SrpVerifier }>()
  return {
    of(pool, user) {
      // Who has no password gets one that nobody knows, and a salt that stays the same.
      const hidden = phantomBytes(pool, user.username)
      const password = user.password ?? hidden.toString('base64')
      const kept = verifiers.get(user)
      if (kept?.password === password) return kept.verifier
      const salt = numberOf(user.password === undefined ? hidden.subarray(0, 16) : randomBytes(16))
      const verifier = verifierOf(srpIdentity(pool, user), password, salt)
      verifiers.set(user, { password, verifier })
      return verifier
    },
  }
}
