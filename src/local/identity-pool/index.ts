import type { Clock } from '../lib/clock.ts'
import { getCredentialsForIdentity } from './get-credentials-for-identity.ts'
import { getId } from './get-id.ts'
import { createIdentities, type Identities } from './identities.ts'
import {
  createCredentialsIssuer,
  type CredentialsIssuer,
  type CredentialsLookup,
} from './issued-credentials.ts'
import type { LoginProvider } from './logins.ts'

interface IdentityPoolConfiguration {
  identityPoolId: string
  /** Of the identity pool: identities and roles are there. */
  region: string
  /** 12 digits; part of every role ARN. */
  accountId: string
  clock: Clock
  /** Whether calls without logins give a guest. */
  allowUnauthenticatedIdentities: boolean
  providers: readonly LoginProvider[]
}

/** What the operations of this folder work on. */
export interface IdentityPoolState extends IdentityPoolConfiguration {
  identities: Identities
  credentials: CredentialsIssuer
}

type Operation = (input: Record<string, unknown>) => Promise<object>

/** The operations by their wire name, and the credentials that they issued. */
export interface LocalIdentityPool {
  operations: Record<string, Operation>
  credentials: CredentialsLookup
}

/**
 * A Cognito identity pool in memory, with the enhanced flow. Operations reject with `ServiceError`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
 */
export function createIdentityPool(configuration: IdentityPoolConfiguration): LocalIdentityPool {
  const pool: IdentityPoolState = {
    ...configuration,
    identities: createIdentities(configuration.region),
    credentials: createCredentialsIssuer(configuration.clock),
  }
  const operations = Object.assign(Object.create(null) as Record<string, Operation>, {
    GetId: (input: Record<string, unknown>) => getId(pool, input),
    GetCredentialsForIdentity: (input: Record<string, unknown>) => getCredentialsForIdentity(pool, input),
  })
  return { operations, credentials: { find: (accessKeyId) => pool.credentials.find(accessKeyId) } }
}

export type { CredentialsLookup, IssuedCredentials } from './issued-credentials.ts'
export type { LoginProvider, LoginTokenCheck } from './logins.ts'
