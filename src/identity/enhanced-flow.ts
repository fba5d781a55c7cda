import { CredentialsError } from '../errors.ts'
import { type CognitoIdentityCredentials, type IssuedCredentials, toCredentials } from './credentials.ts'
import type { Tokens } from './logins.ts'
import { unusable } from './refusals.ts'
import type { Service } from './service.ts'

/** What an identity id looks like, so that garbage is told from an identity. */
const identityIdFormat = /^[\w-]{1,55}:[0-9a-f-]{1,55}$/

/**
 * GetId: the identity of these logins, the same one each time; without logins a new guest, for those who ask for one by
 * name. Throws {@link CredentialsError} or UnavailableError.
 */
export async function getId(service: Service, logins: Tokens | undefined): Promise<string> {
  const { identityPoolId: IdentityPoolId } = service
  const { IdentityId } = await service.identity<{ IdentityId?: string }>(
    ({ GetIdCommand }) => new GetIdCommand({ IdentityPoolId, ...(logins && { Logins: { ...logins } }) }),
    { lane: 'GetId' },
  )
  return requireIdentityId('GetId', IdentityId)
}

/**
 * GetCredentialsForIdentity: one hour of AWS credentials. After a merge of identities the service answers with the
 * surviving one. Throws {@link CredentialsError} (`identity_not_found` for one that was deleted) or UnavailableError.
 */
export async function getCredentialsForIdentity(
  service: Service,
  identityId: string,
  logins: Tokens | undefined,
  customRoleArn?: string,
): Promise<CognitoIdentityCredentials> {
  const answer = await service.identity<{ Credentials?: IssuedCredentials; IdentityId?: string }>(
    ({ GetCredentialsForIdentityCommand }) =>
      new GetCredentialsForIdentityCommand({
        IdentityId: identityId,
        ...(logins && { Logins: { ...logins } }),
        ...(customRoleArn !== undefined && { CustomRoleArn: customRoleArn }),
      }),
    { namesIdentity: true },
  )
  const operation = 'GetCredentialsForIdentity'
  const { IdentityId = identityId, Credentials = {} } = answer
  // The string that is known already, where it is the same: there are thousands.
  const identity = IdentityId === identityId ? identityId : requireIdentityId(operation, IdentityId)
  return toCredentials(Credentials, identity) ?? unusable(operation)
}

/**
 * The steps of a flow with the known identity, or the one that is asked for. A known one that was deleted is `dropped` and
 * asked for again, once.
 */
export async function withIdentity<Identity, T>(
  known: Identity | undefined,
  ask: () => Promise<Identity>,
  steps: (identity: Identity) => Promise<T>,
  dropped: () => void,
): Promise<T> {
  if (known !== undefined) {
    try {
      return await steps(known)
    } catch (error) {
      if (!(error instanceof CredentialsError && error.reason === 'identity_not_found')) throw error
      dropped()
    }
  }
  return steps(await ask())
}

/** Throws UnavailableError for what is no identity id. */
export function requireIdentityId(operation: string, value: unknown): string {
  return typeof value === 'string' && identityIdFormat.test(value) ? value : unusable(operation)
}
