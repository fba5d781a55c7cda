import { ServiceError } from '../server/service-error.ts'
import type { Identity } from './identities.ts'
import type { IdentityPool } from './pool.ts'

export function notAuthorized(message: string): ServiceError {
  return new ServiceError('NotAuthorizedException', message)
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message)
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message)
}

export function conflict(message: string): ServiceError {
  return new ServiceError('ResourceConflictException', message)
}

/** No role for the case at hand, or one that does not trust the pool. */
export function invalidConfiguration(): ServiceError {
  return new ServiceError(
    'InvalidIdentityPoolConfigurationException',
    'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
  )
}

/** Throws unless it is the id of this pool. */
export function assertThisPool(pool: IdentityPool, identityPoolId: string): void {
  if (identityPoolId !== pool.settings.identityPoolId)
    throw notFound(`IdentityPool '${identityPoolId}' not found.`)
}

/** The identity that an id leads to, after merges. Throws for an id that nobody has. */
export function findIdentity(pool: IdentityPool, identityId: string): Identity {
  const identity = pool.identities.find(identityId)
  if (!identity) throw notFound(`Identity '${identityId}' not found.`)
  return identity
}

/** Throws Cognito's answer to a call without logins on a pool that has no guests. */
export function assertGuestsAllowed(pool: IdentityPool): void {
  if (!pool.settings.allowUnauthenticatedIdentities)
    throw notAuthorized('Unauthenticated access is not supported for this identity pool.')
}

/** Throws unless it is the pool's developer provider. */
export function assertDeveloperProvider(pool: IdentityPool, providerName: string): void {
  if (providerName !== pool.settings.developerProviderName)
    throw invalidParameter(`'${providerName}' is not the developer provider of this identity pool.`)
}
