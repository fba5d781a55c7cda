import { ServiceError } from '../server/service-error.ts'
import type { Identity, Login } from './identities.ts'
import { amrOf, type VerifiedLogin } from './login-provider.ts'
import { verifyLogins } from './logins.ts'
import { optional, readInput } from './members.ts'
import * as model from './model.ts'
import type { IdentityPool } from './pool.ts'
import { principalTagsOf } from './principal-tags.ts'
import { assertThisPool, conflict, findIdentity, invalidParameter } from './refusals.ts'

const defaultLifetimeSeconds = 900

/**
 * `GetOpenIdTokenForDeveloperIdentity`: an identity and a token for a user whom the caller's own backend signed in. Logins at
 * other providers beside are checked and linked.
 * https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
 */
export async function getOpenIdTokenForDeveloperIdentity(
  pool: IdentityPool,
  input: Record<string, unknown>,
): Promise<object> {
  const { IdentityPoolId, IdentityId, Logins, PrincipalTags, TokenDuration } = readInput(input, {
    IdentityPoolId: model.identityPoolId,
    IdentityId: optional(model.identityId),
    Logins: model.logins,
    PrincipalTags: optional(model.principalTags),
    TokenDuration: optional(model.tokenDuration),
  })
  assertThisPool(pool, IdentityPoolId)
  const { developer, others } = splitLogins(pool, Logins)
  const { logins } = await verifyLogins(pool, others)
  const identity = linkedIdentity(pool, IdentityId, developer, logins)
  const amr = ['authenticated', ...developerAmr(pool, developer), ...logins.flatMap(amrOf)]
  const principalTags = { ...principalTagsOf(pool, logins), ...PrincipalTags }
  const Token = await pool.openIdTokens.issue(
    { subject: identity.id, amr, principalTags },
    TokenDuration ?? defaultLifetimeSeconds,
  )
  return { IdentityId: identity.id, Token }
}

function splitLogins({ settings }: IdentityPool, logins: Record<string, string>) {
  const { developerProviderName } = settings
  const entries = Object.entries(logins)
  const own = entries.filter(([providerName]) => providerName === developerProviderName)
  const developer = own.map(([providerName, subject]): Login => ({
    providerName,
    subject,
    isDeveloper: true,
  }))
  if (entries.length === 0) throw invalidParameter('Please provide at least one login.')
  return {
    developer: developer[0],
    others: Object.fromEntries(entries.filter((entry) => !own.includes(entry))),
  }
}

/** A login that is another identity's stays there: nothing is merged on the word of a backend. */
function linkedIdentity(
  pool: IdentityPool,
  identityId: string | undefined,
  developer: Login | undefined,
  others: readonly VerifiedLogin[],
): Identity {
  const { identities } = pool
  const all: Login[] = [...(developer ? [developer] : []), ...others]
  const owner = all.map((login) => identities.ownerOf(login)).find((found) => found !== undefined)
  const target = identityId === undefined ? owner : findIdentity(pool, identityId)
  for (const login of all) {
    const other = identities.ownerOf(login)
    if (other && other !== target) throw alreadyLinked(login)
  }
  return target ? identities.join(target, all) : identities.ofLogins(all)
}

function alreadyLinked({ isDeveloper, providerName }: Login): ServiceError {
  if (!isDeveloper) return conflict('Login is already linked to another account.')
  return new ServiceError(
    'DeveloperUserAlreadyRegisteredException',
    `The user of '${providerName}' is already registered under a different identity ID.`,
  )
}

function developerAmr({ settings }: IdentityPool, developer: Login | undefined): string[] {
  if (!developer) return []
  const { providerName, subject } = developer
  return [providerName, `${providerName}:${settings.identityPoolId}:${subject}`]
}
