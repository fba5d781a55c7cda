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

/** The attributes that codes can be sent to. */
export type Contact = 'email' | 'phone_number'

export const attributeDataTypes = ['String', 'Number', 'DateTime', 'Boolean'] as const

/** What the pool says about one attribute. */
export interface AttributeSchema {
  attributeDataType: (typeof attributeDataTypes)[number]
  mutable: boolean
  required: boolean
  /** Of a number its value, of a string its length. */
  min: number | undefined
  max: number | undefined
}

/** What the pool says about attributes, by full name (`custom:plan`). */
export interface Schema {
  attributes: ReadonlyMap<string, AttributeSchema>
  /** Whether `custom:…` attributes exist that nobody described. */
  anyCustom: boolean
}

/** The schema of a pool that describes nothing. */
export const openSchema: Schema = { attributes: new Map(), anyCustom: true }

/**
 * Whether a user may have this attribute: a standard one or `custom:…`. Not `sub`, nor anything else that Cognito claims itself:
 * an attribute must not be able to overwrite who a token is about.
 */
export function isAttributeName(name: string, schema: Schema = openSchema): boolean {
  if (standardAttributes.has(name) || schema.attributes.has(name)) return true
  return schema.anyCustom && isCustomName(name)
}

export function isCustomName(name: string): boolean {
  return /^custom:[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,20}$/u.test(name)
}

/** In alphabetical order. */
export const standardAttributeNames: readonly string[] = [...standardAttributes]

export function isStandardAttribute(name: string): boolean {
  return standardAttributes.has(name)
}

/** What is wrong with a value, in Cognito's words; undefined = nothing. */
export function valueProblem(schema: Schema, name: string, value: string): string | undefined {
  if (value.length > 2048) return 'Attribute is longer than 2048 characters.'
  if (name === 'phone_number' && value !== '' && !/^\+\d{1,15}$/.test(value)) {
    return 'Invalid phone number format.'
  }
  if (name === 'email' && value !== '' && !/^[^\s@]+@[^\s@]+$/.test(value))
    return 'Invalid email address format.'
  const described = schema.attributes.get(name)
  return described && describedProblem(described, value)
}

function describedProblem(
  { attributeDataType, min = -Infinity, max = Infinity }: AttributeSchema,
  value: string,
): string | undefined {
  if (attributeDataType === 'Boolean') {
    return ['true', 'false'].includes(value) ? undefined : 'Attribute is not of type Boolean.'
  }
  if (attributeDataType === 'Number') {
    if (!/^-?\d+$/.test(value)) return 'Attribute is not of type Number.'
    return Number(value) < min || Number(value) > max ? 'Attribute is out of range.' : undefined
  }
  if (attributeDataType === 'DateTime') {
    return Number.isNaN(Date.parse(value)) ? 'Attribute is not of type DateTime.' : undefined
  }
  if (value.length < min) return `String must be longer than ${min} characters`
  return value.length > max ? `String must not be longer than ${max} characters` : undefined
}

/** The required attributes that a user lacks. */
export function missingAttributes(schema: Schema, attributes: ReadonlyMap<string, string>): string[] {
  return [...schema.attributes]
    .filter(([name, { required }]) => required && !attributes.get(name))
    .map(([name]) => name)
}
