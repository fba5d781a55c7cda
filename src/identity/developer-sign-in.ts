import { CredentialsError } from '../errors.ts'
import { redacted } from '../lib/redacted.ts'
import type { AwsClients } from './aws-clients.ts'
import { namedKey } from './cache-key.ts'
import {
  assertClassicOptions,
  assumeRole,
  type ClassicCredentialsOptions,
  type IdentityToken,
} from './classic-flow.ts'
import type { CognitoIdentityCredentials } from './credentials.ts'
import { classicRole, type CredentialsSource } from './credentials-source.ts'
import {
  assertDeveloperOptions,
  type DeveloperIdentity,
  type DeveloperIdentityOptions,
  getOpenIdTokenForDeveloperIdentity,
  identityTokenLoginsKey,
  toDeveloperIdentity,
} from './developer-identity.ts'
import { getCredentialsForIdentity, withIdentity } from './enhanced-flow.ts'
import { assertLogins, type Tokens, tokensOf } from './logins.ts'
import { toProvider } from './provider.ts'

/** A token must last for the call that it is made for. */
const TOKEN_MARGIN_MS = 10_000

/**
 * Opens the identity of a user of the app's own, and keeps the means to get credentials for it: the cache is shared by
 * all who open the same user's identity with the same tags.
 */
export async function openDeveloperIdentity(
  source: CredentialsSource,
  givenLogins: Tokens,
  givenOptions: DeveloperIdentityOptions,
  clients: AwsClients,
): Promise<DeveloperIdentity> {
  assertLogins(givenLogins)
  assertDeveloperOptions(givenOptions)
  // As they are now: the key and the calls must speak of one user, whatever the app does with its objects.
  const options = { ...givenOptions, principalTags: { ...givenOptions.principalTags } }
  const logins = await tokensOf({ ...givenLogins })
  const { service, cache } = source
  const names = Object.entries(logins).sort(([a], [b]) => (a < b ? -1 : 1))
  const keyOf = (how: string[]) =>
    namedKey(service.identityPoolId, 'developer', names.flat(), [
      JSON.stringify(options.principalTags),
      ...how,
    ])
  const open = () => getOpenIdTokenForDeveloperIdentity(service, logins, options)
  let opened = await open()
  const loginsKey = identityTokenLoginsKey(service.region)

  async function current(): Promise<IdentityToken> {
    if (opened.expiration.getTime() - Date.now() <= TOKEN_MARGIN_MS) opened = await open()
    return opened
  }

  async function enhanced(): Promise<CognitoIdentityCredentials> {
    const credentials = ({ identityId, token }: IdentityToken) =>
      getCredentialsForIdentity(service, identityId, { [loginsKey]: token })
    // An identity that was deleted in the meantime is made again, once.
    return withIdentity(
      await current(),
      async () => (opened = await open()),
      credentials,
      () => undefined,
    )
  }

  const { token } = opened
  return toDeveloperIdentity(opened, {
    logins: Object.freeze(redacted({ [loginsKey]: token })),
    credentials: toProvider({
      credentials: async (customRoleArn) => {
        refuseRole(customRoleArn)
        return cache.get(keyOf([]), enhanced)
      },
      identityId: () => Promise.resolve(opened.identityId),
      clients,
    }),
    async classicCredentials(classic: ClassicCredentialsOptions) {
      assertClassicOptions(classic)
      return cache.get(keyOf(classicRole(classic)), async () => assumeRole(service, await current(), classic))
    },
  })
}

/** The token of a developer identity has no groups, so there is no role to choose from. */
function refuseRole(customRoleArn: string | undefined): void {
  if (customRoleArn === undefined) return
  throw new CredentialsError(
    'role_not_allowed',
    'Developer identities have no groups and so no roles to choose from; classicCredentials() takes a role of the app’s choice.',
  )
}
