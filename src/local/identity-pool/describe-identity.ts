import type { Identity } from './identities.ts'
import { readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { notFound } from './refusals.ts'

/**
 * `DescribeIdentity`: the providers of an identity and its dates, of a disabled one as well.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentity.html
 */
export function describeIdentity(pool: IdentityPool, input: Record<string, unknown>): object {
  const { IdentityId } = readInput(input, { IdentityId: model.identityId })
  const identity = pool.identities.get(IdentityId)
  if (!identity) throw notFound(`Identity '${IdentityId}' not found.`)
  return identityDescription(identity)
}

/** How the API shows an identity: providers, never who the user is there. */
export function identityDescription({ id, logins, createdAtSeconds, modifiedAtSeconds }: Identity): object {
  const providers = [...new Set(logins.map(({ providerName }) => providerName))]
  return {
    IdentityId: id,
    Logins: providers.length > 0 ? providers : undefined,
    CreationDate: createdAtSeconds,
    LastModifiedDate: modifiedAtSeconds,
  }
}
