import {
  identityProviderTypes,
  subjectPattern,
  type ExternalClaims,
  type IdentityProvider,
} from '../user-pool/identity-providers.ts'
import { isAttributeName, type Schema } from '../user-pool/attributes.ts'
import * as check from './option-checks.ts'

/** An external identity provider. A page of the local Cognito plays it: whoever signs in says there who they are. */
export interface LocalIdentityProvider {
  /** Default: the type, which it must be for everything but `OIDC` and `SAML`. */
  providerName?: string | undefined
  providerType: 'OIDC' | 'SAML' | 'Facebook' | 'Google' | 'LoginWithAmazon' | 'SignInWithApple'
  /** Nobody is asked there. `oidc_issuer` becomes the `issuer` of the claim `identities`. */
  providerDetails?: { client_id?: string | undefined; oidc_issuer?: string | undefined } | undefined
  /** Attribute of the pool → claim of the provider. Default `{ email: 'email' }`. */
  attributeMapping?: Record<string, string> | undefined
  /** Other names of it in `idp_identifier`. */
  idpIdentifiers?: string[] | undefined
  /** Who can be chosen on its page; others can be typed there. */
  people?: ({ sub: string } & Record<string, string>)[] | undefined
}

/** Checks `userPool.identityProviders`. */
export function identityProvidersFrom(
  option: string,
  given: unknown,
  schema: Schema,
): Map<string, IdentityProvider> {
  const providers = check
    .checkArray(option, given)
    .map((entry, index) => providerFrom(`${option}[${index}]`, entry, schema))
  check.checkUnique(
    `${option}[].providerName`,
    providers.map(({ providerName }) => providerName),
  )
  check.checkUnique(
    `${option}[].idpIdentifiers`,
    providers.flatMap(({ idpIdentifiers }) => idpIdentifiers),
  )
  return new Map(providers.map((provider) => [provider.providerName, provider]))
}

function providerFrom(option: string, given: unknown, schema: Schema): IdentityProvider {
  const provider = check.checkObject(option, given, [
    'providerName',
    'providerType',
    'providerDetails',
    'attributeMapping',
    'idpIdentifiers',
    'people',
  ])
  const providerType = check.checkOneOf(
    `${option}.providerType`,
    provider['providerType'],
    identityProviderTypes,
  )
  const details = `${option}.providerDetails`
  const { client_id: clientId, oidc_issuer: issuer } = check.checkObject(
    details,
    provider['providerDetails'] ?? {},
    ['client_id', 'oidc_issuer'],
  )
  return {
    providerName: providerName(`${option}.providerName`, provider['providerName'], providerType),
    providerType,
    clientId: clientId === undefined ? undefined : text(`${details}.client_id`, clientId),
    issuer: issuer === undefined ? undefined : text(`${details}.oidc_issuer`, issuer),
    attributeMapping: mappingFrom(`${option}.attributeMapping`, provider['attributeMapping'], schema),
    idpIdentifiers: check
      .checkArray(`${option}.idpIdentifiers`, provider['idpIdentifiers'])
      .map((entry, index) =>
        check.checkString(
          `${option}.idpIdentifiers[${index}]`,
          entry,
          /^[\w\s+=.@-]{1,40}$/,
          identifierShape,
        ),
      ),
    people: check
      .checkArray(`${option}.people`, provider['people'])
      .map((entry, index) => personFrom(`${option}.people[${index}]`, entry)),
  }
}

const identifierShape = '1 to 40 letters, digits, spaces and _+=.@-'

function providerName(
  option: string,
  value: unknown,
  providerType: IdentityProvider['providerType'],
): string {
  const shape = '1 to 32 characters without spaces and underscores'
  const name = check.checkString(
    option,
    value ?? providerType,
    /^[^_\s][\p{L}\p{M}\p{S}\p{N}\p{P}]{0,31}$/u,
    shape,
  )
  if (name.includes('_')) check.refuse(option, shape)
  if (name === 'COGNITO')
    check.refuse(option, 'another name: COGNITO stands for the users of the pool itself')
  const isFree = providerType === 'OIDC' || providerType === 'SAML'
  if (!isFree && name !== providerType) check.refuse(option, `${providerType}, or absent`)
  return name
}

function mappingFrom(
  option: string,
  given: unknown = { email: 'email' },
  schema: Schema,
): Map<string, string> {
  if (typeof given !== 'object' || given === null) check.refuse(option, 'an object: attribute → claim')
  const mapping = check.checkObject(option, given, Object.keys(given))
  return new Map(
    Object.entries(mapping).map(([attribute, claim]) => {
      if (attribute === 'username' && claim === 'sub') return [attribute, 'sub']
      if (!isAttributeName(attribute, schema)) {
        check.refuse(
          `${option}.${attribute}`,
          'absent: the pool has no such attribute (and username is always sub)',
        )
      }
      return [attribute, text(`${option}.${attribute}`, claim)]
    }),
  )
}

function personFrom(option: string, given: unknown): ExternalClaims {
  if (typeof given !== 'object' || given === null) check.refuse(option, 'an object of claims, with a sub')
  const claims = check.checkObject(option, given, Object.keys(given))
  const entries = Object.entries(claims).map(([name, value]) => [name, text(`${option}.${name}`, value)])
  const sub = check.checkString(
    `${option}.sub`,
    claims['sub'],
    subjectPattern,
    'up to 90 characters without spaces',
  )
  return { ...(Object.fromEntries(entries) as Record<string, string>), sub }
}

function text(option: string, value: unknown): string {
  return check.checkString(option, value, /^[^]{1,2048}$/, 'a text of 1 to 2048 characters')
}
