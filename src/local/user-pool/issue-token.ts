import { ConfigurationError } from '../options/configuration-error.ts'
import * as check from '../options/option-checks.ts'
import type { Client } from './client.ts'
import { newSignIn } from './sign-ins.ts'
import { accessTokenClaims, idTokenClaims, signToken } from './tokens.ts'
import type { UserPool } from './user-pool.ts'

/** A token made to order, for tests of what verifies tokens. */
export interface TokenOrder {
  /** Default: the first user. */
  username?: string | undefined
  tokenUse: 'id' | 'access'
  /** Default: the first client. */
  clientId?: string | undefined
  /** Merged over the usual claims; a value of undefined removes the claim. */
  claims?: Record<string, unknown> | undefined
  /** From now, on the server's clock; may be negative. Default: as the client is configured. */
  expiresInSeconds?: number | undefined
  /** Merged over `kid` and `alg`; the signature is RS256 whatever it says. */
  header?: Record<string, unknown> | undefined
}

const members: (keyof TokenOrder)[] = [
  'username',
  'tokenUse',
  'clientId',
  'claims',
  'expiresInSeconds',
  'header',
]

/** Rejects with `ConfigurationError` for an order that makes no sense, and for a user or client that does not exist. */
export type IssueToken = (order: TokenOrder) => Promise<string>

export function tokenIssuer(pool: UserPool, defaultClient: Client): IssueToken {
  return async (order) => {
    checkOrder(order)
    const user = order.username === undefined ? pool.users.all()[0] : pool.users.find(order.username)
    const client = order.clientId === undefined ? defaultClient : pool.clients.get(order.clientId)
    if (!user) throw new ConfigurationError('[local Cognito] issueToken: "username" is none of the users')
    if (!client) throw new ConfigurationError('[local Cognito] issueToken: "clientId" is none of the clients')
    const authTime = pool.clock.nowSeconds()
    const signIn = newSignIn({ user, client, scopes: client.scopes, authTime })
    const claims = order.tokenUse === 'id' ? idTokenClaims(pool, signIn, {}) : accessTokenClaims(pool, signIn)
    const exp = order.expiresInSeconds === undefined ? {} : { exp: authTime + order.expiresInSeconds }
    return signToken(pool.keys, order.tokenUse, { ...claims, ...exp, ...order.claims }, order.header)
  }
}

/** What tests pass may be computed: a `NaN` or a misspelt member would make a token that proves nothing. */
function checkOrder(given: unknown): void {
  const order = check.checkObject('issueToken', given, members)
  check.checkOneOf('issueToken.tokenUse', order['tokenUse'], ['id', 'access'])
  if (order['expiresInSeconds'] !== undefined)
    check.checkFinite('issueToken.expiresInSeconds', order['expiresInSeconds'])
  for (const name of ['claims', 'header']) {
    const value = order[name] ?? {}
    check.checkObject(`issueToken.${name}`, value, Object.keys(value))
  }
}
