import { createMemory } from '../lib/memory.ts'
import type { LocalHandler, LocalRequest } from '../server/http.ts'
import { createIdentities } from './identities.ts'
import { signedOperations, unsignedOperations } from './operations.ts'
import type { IdentityPool } from './pool.ts'

/** Everything but what the pool makes itself. */
export type IdentityPoolConfiguration = Omit<IdentityPool, 'identities'>

/** Throws `ServiceError` unless the request is signed by somebody who may use the operation. */
type Authenticate = (request: LocalRequest, operation: string) => Promise<unknown>

type Operation = (input: Record<string, unknown>, request: LocalRequest) => Promise<object>

/** The operations by their wire name, and the keys of the pool's tokens. */
export interface LocalIdentityPool {
  operations: Record<string, Operation>
  /** `/.well-known/jwks_uri`. */
  jwks: { operation: string; methods: readonly string[]; handle: LocalHandler }
}

/**
 * A Cognito identity pool in memory, with the enhanced and the classic flow. Operations reject with `ServiceError`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
 */
export function createIdentityPool(
  configuration: IdentityPoolConfiguration,
  authenticate: Authenticate,
  memory = createMemory(),
): LocalIdentityPool {
  const { region, clock, openIdTokens } = configuration
  const pool: IdentityPool = { ...configuration, identities: createIdentities(region, clock, memory) }
  const unsigned = Object.entries(unsignedOperations).map(([name, run]): [string, Operation] => [
    name,
    async (input) => run(pool, input),
  ])
  const signed = Object.entries(signedOperations).map(([name, run]): [string, Operation] => [
    name,
    async (input, request) => {
      await authenticate(request, name)
      return run(pool, input)
    },
  ])
  return {
    operations: Object.fromEntries([...unsigned, ...signed]),
    jwks: jwksEndpoint(openIdTokens),
  }
}

/** On Amazon it is called so as well, and not `jwks.json`. */
function jwksEndpoint(openIdTokens: IdentityPool['openIdTokens']): LocalIdentityPool['jwks'] {
  const methods = ['GET', 'HEAD']
  return {
    operation: 'jwks_uri',
    methods,
    handle: async ({ method }) => {
      if (!methods.includes(method))
        return { status: 405, headers: { allow: methods.join(', ') }, body: 'Method Not Allowed' }
      return {
        status: 200,
        headers: {
          'content-type': 'application/json',
          'access-control-allow-origin': '*',
          'cache-control': 'no-store',
        },
        body: JSON.stringify(await openIdTokens.jwks()),
      }
    },
  }
}

export type { LoginProvider, LoginTokenCheck } from './login-provider.ts'
