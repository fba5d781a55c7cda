import { field } from './fields.ts'
import type { Html } from './html.ts'
import type { Texts } from './languages/texts.ts'

const types = new Map<string, 'email' | 'tel' | 'date' | 'url'>([
  ['email', 'email'],
  ['phone_number', 'tel'],
  ['birthdate', 'date'],
  ['picture', 'url'],
  ['profile', 'url'],
  ['website', 'url'],
])

/** What browsers can fill in by themselves (HTML, "Autofill"). */
const autofill = new Map([
  ['address', 'street-address'],
  ['birthdate', 'bday'],
  ['email', 'email'],
  ['family_name', 'family-name'],
  ['given_name', 'given-name'],
  ['middle_name', 'additional-name'],
  ['name', 'name'],
  ['nickname', 'nickname'],
  ['phone_number', 'tel'],
  ['website', 'url'],
])

const prefix = 'attribute.'

/** A field for an attribute of a user. */
export function attributeField(texts: Texts, name: string, value?: string): Html {
  return field({
    name: prefix + name,
    label: new Map(Object.entries(texts.attributes)).get(name) ?? name.replace(/^custom:/, ''),
    type: types.get(name),
    autocomplete: autofill.get(name),
    value,
  })
}

/** The attributes that were typed. */
export function attributesFrom(fields: URLSearchParams): [name: string, value: string][] {
  return [...fields]
    .filter(([name, value]) => name.startsWith(prefix) && value.trim() !== '')
    .map(([name, value]) => [name.slice(prefix.length), value.trim()])
}
