import type { IncomingMessage } from 'node:http'
import { ConfigurationError, InvalidTokenError, UnavailableError } from '../errors.ts'
import { assertInstance } from '../lib/assert.ts'
import { within } from '../lib/within.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { MAX_LENGTH } from '../user-pool/decode.ts'

/** A request does not wait longer for the app to name its pool, in milliseconds. */
const LIMIT_MS = 5_000

/** One pool, several, or a function that names the pool of a request. */
export type UserPools =
  UserPool | readonly UserPool[] | ((req: IncomingMessage & Express.Request) => UserPool | Promise<UserPool>)

/** Chooses the pool that verifies a token. */
export type ChoosePool = (token: string, req: IncomingMessage) => UserPool | Promise<UserPool>

/**
 * Several pools are told apart by the issuer that the token names, and several app clients of one pool by the
 * client; a token of none of them is refused without any fetch. The choice opens nothing: the pool verifies.
 * Throws {@link ConfigurationError} for anything that is no pool, and {@link UnavailableError} for no answer in time.
 */
export function choosePool(owner: string, pools: unknown): ChoosePool {
  if (typeof pools === 'function') {
    return async (_token, req) => {
      const pool: unknown = await within(
        Promise.resolve((pools as (req: IncomingMessage) => unknown)(req)),
        LIMIT_MS,
        () => new UnavailableError('The function that names the pool of a request did not answer in time.'),
      )
      assertInstance(owner, 'userPool', pool, 'UserPool')
      return pool as UserPool
    }
  }
  const all: unknown[] = Array.isArray(pools) ? pools : [pools]
  if (all.length === 0) throw new ConfigurationError(`${owner}: "userPool" must name at least one UserPool.`)
  for (const pool of all) assertInstance(owner, 'userPool', pool, 'UserPool')
  const [only, ...others] = all as [UserPool, ...UserPool[]]
  return others.length === 0 ? () => only : (token) => issuerOf(token, [only, ...others])
}

function issuerOf(token: string, pools: readonly UserPool[]): UserPool {
  if (token.length > MAX_LENGTH) throw new InvalidTokenError('malformed', 'The token is longer than 16 kB.')
  const issuers = pools.filter((pool) => pool.signIns.issued(token))
  const pool = issuers.find((one) => one.signIns.issuedTo(token)) ?? issuers[0]
  if (!pool) throw new InvalidTokenError('issuer', 'The token was issued by none of the user pools.')
  return pool
}
