import { invalidParameter } from '../../sign-in/refusal.ts'
import {
  isCustomName,
  isStandardAttribute,
  type AttributeSchema,
  type Schema,
} from '../../user-pool/attributes.ts'
import type { GivenNewPool } from './pool-settings.ts'

type GivenAttribute = NonNullable<GivenNewPool['Schema']>[number]

/** `Schema`: only those custom attributes exist that it names. */
export function poolSchemaFrom(given: readonly GivenAttribute[] = []): Schema {
  const attributes = given.map((attribute) => [fullName(attribute), schemaOf(attribute)] as const)
  const names = attributes.map(([name]) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) throw invalidParameter(`Duplicate attribute name in schema: ${repeated}.`)
  return { attributes: new Map(attributes), anyCustom: false }
}

function fullName({ Name, Required }: GivenAttribute): string {
  if (isStandardAttribute(Name)) return Name
  if (Required === true) throw invalidParameter('Required custom attributes are not supported currently.')
  const name = Name.startsWith('custom:') ? Name : `custom:${Name}`
  if (isCustomName(name)) return name
  throw invalidParameter(`Invalid attribute name in schema: ${Name}.`)
}

function schemaOf(given: GivenAttribute): AttributeSchema {
  const attributeDataType = (given.AttributeDataType ?? 'String') as AttributeSchema['attributeDataType']
  const { MinLength, MaxLength } = given.StringAttributeConstraints ?? {}
  const { MinValue, MaxValue } = given.NumberAttributeConstraints ?? {}
  const isNumber = attributeDataType === 'Number'
  return {
    attributeDataType,
    mutable: given.Mutable ?? true,
    required: given.Required ?? false,
    min: numberFrom(isNumber ? MinValue : MinLength),
    max: numberFrom(isNumber ? MaxValue : MaxLength),
  }
}

/** The API has these numbers as strings. */
function numberFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^-?\d+$/.test(text)) return Number(text)
  throw invalidParameter('Invalid attribute constraints in schema.')
}
