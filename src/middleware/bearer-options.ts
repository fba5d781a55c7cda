import { ConfigurationError } from '../errors.ts'
import type { IdentityPool } from '../identity/identity-pool.ts'
import {
  assertInstance,
  assertKnownOptions,
  assertOptionalFunction,
  optionalBoolean,
  optionalText,
} from '../lib/assert.ts'
import type { TokenRequirements, TokenUse } from '../user-pool/claims.ts'
import { choosePool, type ChoosePool, type UserPools } from './pools.ts'
import type { StaleBefore } from './stale.ts'

/** What `bearer()` takes. */
export interface BearerOptions {
  /** One pool; several, told apart by the issuer of the token; or a function that names the pool of a request. */
  userPool: UserPools
  /** For `credentials`; needs `tokenUse: 'id'`. */
  identityPool?: IdentityPool | undefined
  /** Default `access`; an explicit `null` takes either kind. */
  tokenUse?: TokenUse | undefined
  /** Other app clients of the pool; `null` takes any. Default: the pool's `clientId`. */
  clientId?: TokenRequirements['clientId']
  /** With `false` a request without a token goes on unrecognised. A bad token is an error all the same. Default true. */
  required?: boolean | undefined
  /** Takes tokens of the client credentials grant too; `kind` is then `client`. Default false. */
  allowMachineTokens?: boolean | undefined
  /** From when on tokens count: older ones get 401. */
  staleBefore?: StaleBefore | undefined
}

/** The checked options of `bearer()`. */
export interface BearerConfiguration {
  choosePool: ChoosePool
  identityPool: IdentityPool | undefined
  requirements: TokenRequirements
  required: boolean
  allowMachineTokens: boolean
  staleBefore: StaleBefore | undefined
}

const known = [
  'userPool',
  'identityPool',
  'tokenUse',
  'clientId',
  'required',
  'allowMachineTokens',
  'staleBefore',
]

/** Throws {@link ConfigurationError} naming the option. */
export function configureBearer(options: BearerOptions): BearerConfiguration {
  assertKnownOptions('bearer', options, known)
  const { userPool, identityPool, tokenUse = 'access', clientId, staleBefore } = options
  if (identityPool !== undefined) assertInstance('bearer', 'identityPool', identityPool, 'IdentityPool')
  if (tokenUse !== 'access' && tokenUse !== 'id' && tokenUse !== null) {
    throw new ConfigurationError('bearer: "tokenUse" must be "access", "id", or null for either.')
  }
  assertOptionalFunction('bearer', 'staleBefore', staleBefore)
  assertClientIds(clientId)
  return {
    choosePool: choosePool('bearer', userPool),
    identityPool,
    requirements: Object.freeze({
      tokenUse,
      clientId: Array.isArray(clientId) ? [...(clientId as string[])] : clientId,
    }),
    required: optionalBoolean('bearer', 'required', options.required, true),
    allowMachineTokens: optionalBoolean('bearer', 'allowMachineTokens', options.allowMachineTokens, false),
    staleBefore,
  }
}

function assertClientIds(clientId: unknown): void {
  if (clientId === undefined || clientId === null) return
  const ids: unknown[] = Array.isArray(clientId) ? clientId : [clientId]
  const example = '"4ifa83b1k2example9c0d1e2f3"'
  if (ids.length === 0 || ids.some((id) => optionalText('bearer', 'clientId', id, example) === undefined)) {
    throw new ConfigurationError(
      'bearer: "clientId" must be an app client id, a list of them, or null for any.',
    )
  }
}
