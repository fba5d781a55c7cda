import { isAttributeName, valueProblem } from '../user-pool/attributes.ts'
import type { Settings } from '../user-pool/settings.ts'
import { newUser, subOf, type User } from '../user-pool/user.ts'
import { linkProviders } from './linked-provider-options.ts'
import { mfaFrom, type LocalUserMfa } from './mfa-options.ts'
import * as check from './option-checks.ts'

/** A user as the caller describes it. */
export interface LocalUser {
  /** In a pool with `usernameAttributes`: the e-mail address or phone number. */
  username: string
  password: string
  /** Sets the attributes `email` and `email_verified`. */
  email?: string | undefined
  /** `+` and digits. Sets the attributes `phone_number` and `phone_number_verified`. */
  phoneNumber?: string | undefined
  /** Other attributes: standard ones of Cognito and `custom:…`. Values are strings, as in Cognito. */
  attributes?: Record<string, string> | undefined
  groups?: string[] | undefined
  /** `FORCE_CHANGE_PASSWORD`: the first sign-in asks for a new password. Default `CONFIRMED`. */
  status?: 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'UNCONFIRMED' | 'RESET_REQUIRED' | undefined
  /** Default true. */
  enabled?: boolean | undefined
  /** Default: made from the pool id and the username, so it stays the same over restarts. */
  sub?: string | undefined
  /** Accounts at the pool's identity providers that sign this user in too (AdminLinkProviderForUser). */
  linkedProviders?: { providerName: string; userId: string }[] | undefined
  /** The second factors that the user has set up. Default none. */
  mfa?: LocalUserMfa | undefined
}

/** A user who signs in with codes only; the pool's `signInPolicy` must allow it. */
export type LocalPasswordlessUser = Omit<LocalUser, 'password'>

const known: (keyof LocalUser)[] = [
  'username',
  'password',
  'email',
  'phoneNumber',
  'attributes',
  'groups',
  'status',
  'enabled',
  'sub',
  'mfa',
  'linkedProviders',
]

const statuses = ['CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'UNCONFIRMED', 'RESET_REQUIRED'] as const
const email = { pattern: /^[^\s@]+@[^\s@]+$/, shape: 'an e-mail address' }
const phoneNumber = { pattern: /^\+\d{1,15}$/, shape: 'a phone number: + and digits' }

/** Checks one entry of `users`; `option` is its name in messages. */
export function userFrom(
  option: string,
  given: unknown,
  pool: { userPoolId: string; settings: Settings; nowMs?: number },
): User {
  const user = check.checkObject(option, given, known)
  const { nowMs = Date.now() } = pool
  const name = check.checkString(`${option}.username`, user['username'], check.namePattern, check.nameShape)
  const sub = check.checkString(
    `${option}.sub`,
    user['sub'] ?? subOf(pool.userPoolId, name),
    /^\S{1,128}$/,
    check.nameShape,
  )
  const attributes = new Map([['sub', sub]])
  const { usernameAttributes } = pool.settings
  if (usernameAttributes.length > 0) signInName(option, name, usernameAttributes, attributes)
  addAttributes(option, user, pool.settings, attributes)
  const made: User = {
    ...newUser(
      {
        username: usernameAttributes.length > 0 ? sub : name,
        sub,
        password: passwordFrom(`${option}.password`, user['password'], pool.settings),
        attributes,
        status: check.checkOneOf(`${option}.status`, user['status'] ?? 'CONFIRMED', statuses),
      },
      nowMs,
    ),
    groups: check
      .checkArray(`${option}.groups`, user['groups'])
      .map((group, index) =>
        check.checkString(`${option}.groups[${index}]`, group, check.namePattern, check.nameShape),
      ),
    enabled: check.checkBoolean(`${option}.enabled`, user['enabled'], true),
    mfa: mfaFrom(`${option}.mfa`, user['mfa']),
  }
  linkProviders(`${option}.linkedProviders`, user['linkedProviders'], made, { ...pool, nowMs })
  return made
}

function passwordFrom(option: string, value: unknown, settings: Settings): string | undefined {
  if (value === undefined && settings.allowedFirstAuthFactors.length > 1) return undefined
  return check.checkString(option, value, /^\S{1,256}$/, '1 to 256 characters without spaces')
}

/** What stands in place of a name is an attribute like any other. */
function signInName(
  option: string,
  name: string,
  usernameAttributes: Settings['usernameAttributes'],
  attributes: Map<string, string>,
): void {
  const kinds = { email, phone_number: phoneNumber }
  const attribute = usernameAttributes.find((one) => kinds[one].pattern.test(name))
  if (!attribute) {
    check.refuse(
      `${option}.username`,
      `${usernameAttributes.map((one) => kinds[one].shape).join(' or ')}, since users of this pool sign in with it`,
    )
  }
  attributes.set(attribute, name).set(`${attribute}_verified`, 'true')
}

function addAttributes(
  option: string,
  user: Record<string, unknown>,
  { schema }: Settings,
  attributes: Map<string, string>,
): void {
  for (const [member, attribute, { pattern, shape }] of [
    ['email', 'email', email],
    ['phoneNumber', 'phone_number', phoneNumber],
  ] as const) {
    if (user[member] === undefined) continue
    const value = check.checkString(`${option}.${member}`, user[member], pattern, shape)
    attributes.set(attribute, value).set(`${attribute}_verified`, 'true')
  }
  const given = user['attributes'] ?? {}
  const others = check.checkObject(`${option}.attributes`, given, Object.keys(given))
  for (const [attribute, value] of Object.entries(others)) {
    const entry = `${option}.attributes.${attribute}`
    if (!isAttributeName(attribute, schema))
      check.refuse(entry, 'a standard attribute of Cognito or custom:… of the schema')
    const text = check.checkString(entry, value, /^[^]*$/, 'a string')
    const problem = valueProblem(schema, attribute, text)
    if (problem !== undefined)
      check.refuse(entry, `a value of the schema, at most 2048 characters (${problem})`)
    attributes.set(attribute, text)
  }
}
