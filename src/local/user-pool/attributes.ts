/** The standard attributes of a user pool, which are those of OpenID Connect Core §5.1 (developer guide, "User pool attributes"). */
const standardAttributes = new Set([
  'address',
  'birthdate',
  'email',
  'email_verified',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'phone_number_verified',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
])

/**
 * Whether a user may have this attribute: a standard one or `custom:…`. Not `sub`, nor anything else that Cognito claims itself:
 * an attribute must not be able to overwrite who a token is about.
 */
export function isAttributeName(name: string): boolean {
  return standardAttributes.has(name) || /^custom:[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,20}$/u.test(name)
}

/** Whether an attribute may hold this value. */
export function isAttributeValue(value: string): boolean {
  return value.length <= 2048
}
