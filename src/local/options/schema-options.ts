import {
  attributeDataTypes,
  isCustomName,
  isStandardAttribute,
  openSchema,
  type AttributeSchema,
  type Schema,
} from '../user-pool/attributes.ts'
import * as check from './option-checks.ts'

/** What the pool says about one attribute. */
export interface LocalAttribute {
  /** A standard attribute, or a custom one with or without `custom:`. */
  name: string
  /** Default `String`. */
  attributeDataType?: 'String' | 'Number' | 'DateTime' | 'Boolean' | undefined
  /** Default true. */
  mutable?: boolean | undefined
  /** Only of standard attributes. Default false. */
  required?: boolean | undefined
  stringAttributeConstraints?: { minLength?: string | undefined; maxLength?: string | undefined } | undefined
  numberAttributeConstraints?: { minValue?: string | undefined; maxValue?: string | undefined } | undefined
}

/** Checks `userPool.schema`. */
export function schemaFrom(option: string, given: unknown): Schema {
  if (given === undefined) return openSchema
  const entries = check
    .checkArray(option, given)
    .map((entry, index) => attributeFrom(`${option}[${index}]`, entry))
  check.checkUnique(
    `${option}[].name`,
    entries.map(([name]) => name),
  )
  return { attributes: new Map(entries), anyCustom: false }
}

function attributeFrom(option: string, given: unknown): [string, AttributeSchema] {
  const attribute = check.checkObject(option, given, [
    'name',
    'attributeDataType',
    'mutable',
    'required',
    'stringAttributeConstraints',
    'numberAttributeConstraints',
  ])
  const name = nameFrom(`${option}.name`, attribute['name'])
  const required = check.checkBoolean(`${option}.required`, attribute['required'], false)
  if (required && !isStandardAttribute(name))
    check.refuse(`${option}.required`, 'false for a custom attribute')
  const attributeDataType = check.checkOneOf(
    `${option}.attributeDataType`,
    attribute['attributeDataType'] ?? 'String',
    attributeDataTypes,
  )
  const mutable = check.checkBoolean(`${option}.mutable`, attribute['mutable'], true)
  return [name, { attributeDataType, mutable, required, ...limits(option, attribute, attributeDataType) }]
}

function nameFrom(option: string, value: unknown): string {
  const shape = 'a standard attribute, or at most 20 characters without spaces'
  const name = check.checkString(option, value, /^\S+$/, shape)
  const full = isStandardAttribute(name) || name.startsWith('custom:') ? name : `custom:${name}`
  return isStandardAttribute(full) || isCustomName(full) ? full : check.refuse(option, shape)
}

/** The API has these numbers as strings. */
function limits(
  option: string,
  attribute: Record<string, unknown>,
  type: AttributeSchema['attributeDataType'],
): Pick<AttributeSchema, 'min' | 'max'> {
  const [member, low, high] =
    type === 'Number'
      ? (['numberAttributeConstraints', 'minValue', 'maxValue'] as const)
      : (['stringAttributeConstraints', 'minLength', 'maxLength'] as const)
  const constraints = check.checkObject(`${option}.${member}`, attribute[member] ?? {}, [low, high])
  const [min, max] = [low, high].map((name) =>
    constraints[name] === undefined
      ? undefined
      : Number(
          check.checkString(
            `${option}.${member}.${name}`,
            constraints[name],
            /^-?\d+$/,
            'a number in a string',
          ),
        ),
  )
  return { min, max }
}
