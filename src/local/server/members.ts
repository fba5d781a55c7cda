import { ServiceError } from './service-error.ts'

/** How to read one member of an input. What breaks the service model is added to `problems`; another JSON type is thrown. */
export type Member<T> = (value: unknown, path: string, problems: string[]) => T

/** How a service model restricts a string. */
interface StringRule {
  min?: number
  max?: number
  pattern?: string
  values?: readonly string[]
  /** The value is never shown. */
  sensitive?: boolean
}

/** The members of an input or a structure, by their names on the wire. */
export type Shape = Record<string, Member<unknown>>
/** What {@link readMembersOf} makes of a shape. */
export type Values<S extends Shape> = { [K in keyof S]: S[K] extends Member<infer T> ? T : never }

/** Longer values are left out of messages: they may be tokens in the wrong member. */
const echoAtMost = 128

/** Reads an input. Everything that is wrong with it is named in one error, whose type differs between the APIs. */
export function readMembersOf<S extends Shape>(
  type: 'InvalidParameterException' | 'ValidationException',
  input: Record<string, unknown>,
  shape: S,
): Values<S> {
  const problems: string[] = []
  const values = readMembers(input, shape, '', problems)
  if (problems.length > 0) throw validationError(type, problems)
  return values
}

export function optional<T>(member: Member<T>): Member<T | undefined> {
  return (value, path, problems) =>
    value === undefined || value === null ? undefined : member(value, path, problems)
}

export function string(rule: StringRule): Member<string> {
  const isString = (value: unknown): value is string => typeof value === 'string'
  return required(
    'String',
    isString,
    '',
    (value: string, path, problems) => {
      const shown = rule.sensitive || value.length > echoAtMost ? '' : ` '${value}'`
      for (const constraint of broken(value, rule)) problems.push(violation(shown, path, constraint))
      return value
    },
    rule.sensitive ? '' : ' null',
  )
}

export function integer(range: { min: number; max: number }): Member<number> {
  const isInteger = (value: unknown): value is number => Number.isInteger(value)
  return required('Number', isInteger, 0, (value, path, problems) => {
    if (value < range.min)
      problems.push(
        violation(` '${value}'`, path, `Member must have value greater than or equal to ${range.min}`),
      )
    if (value > range.max)
      problems.push(
        violation(` '${value}'`, path, `Member must have value less than or equal to ${range.max}`),
      )
    return value
  })
}

export const boolean: Member<boolean> = required(
  'Boolean',
  (value): value is boolean => typeof value === 'boolean',
  false,
  (value) => value,
)

export function list<T>(member: Member<T>, sizes: { min: number; max: number }): Member<T[]> {
  return required(
    'List',
    (value): value is unknown[] => Array.isArray(value),
    [],
    (entries, path, problems) => {
      problems.push(
        ...brokenSizes(entries.length, sizes).map((constraint) => violation('', path, constraint)),
      )
      return entries.map((entry, index) => member(entry, `${path}.${index + 1}.member`, problems))
    },
  )
}

/** A map whose values are strings. Its values are never shown. */
export function stringMap(rules: {
  max: number
  keys: StringRule
  values: StringRule
}): Member<Record<string, string>> {
  return required('Map', isObject, {}, (entries, path, problems) => {
    const names = Object.keys(entries)
    const texts = Object.values(entries)
    if (!texts.every((text) => typeof text === 'string')) throw wrongType('String')
    problems.push(
      ...brokenSizes(names.length, { min: 0, max: rules.max }).map((rule) => violation('', path, rule)),
      ...brokenEntries('keys', path, names, rules.keys),
      ...brokenEntries('value', path, texts, rules.values),
    )
    return entries as Record<string, string>
  })
}

/** A map of strings by name, of which those of null are left out. A Map, so that no name can reach a prototype. */
export const parameterMap: Member<ReadonlyMap<string, string>> = required('Map', isObject, {}, (entries) => {
  const given = Object.entries(entries).filter(([, value]) => value !== null)
  return new Map(
    given.map(([name, value]) => {
      if (typeof value !== 'string') throw wrongType('String')
      return [name, value]
    }),
  )
})

export function structureMap<S extends Shape>(
  rules: { max: number; keys: StringRule },
  shape: S,
): Member<Record<string, Values<S>>> {
  return required('Map', isObject, {}, (entries, path, problems) => {
    const names = Object.keys(entries)
    problems.push(
      ...brokenSizes(names.length, { min: 0, max: rules.max }).map((rule) => violation('', path, rule)),
      ...brokenEntries('keys', path, names, rules.keys),
    )
    const read = structure(shape)
    return Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, read(entry, `${path}.${name}.member`, problems)]),
    )
  })
}

export function structure<S extends Shape>(shape: S): Member<Values<S>> {
  return required('Structure', isObject, {}, (value, path, problems) =>
    readMembers(value, shape, `${path}.`, problems),
  )
}

function readMembers<S extends Shape>(
  value: Record<string, unknown>,
  shape: S,
  path: string,
  problems: string[],
): Values<S> {
  const members = Object.entries(shape).map(([name, member]) => {
    const wireName = path + name.charAt(0).toLowerCase() + name.slice(1)
    return [name, member(Object.hasOwn(value, name) ? value[name] : undefined, wireName, problems)]
  })
  return Object.fromEntries(members) as Values<S>
}

/** An absent value is a problem, after which `nothing` stands in for it: the input is refused as a whole. */
function required<V, T>(
  type: 'String' | 'Number' | 'Boolean' | 'List' | 'Map' | 'Structure',
  isType: (value: unknown) => value is V,
  nothing: V,
  read: (value: V, path: string, problems: string[]) => T,
  absent = ' null',
): Member<T> {
  return (value, path, problems) => {
    if (value === undefined || value === null) {
      problems.push(violation(absent, path, 'Member must not be null'))
      return read(nothing, path, [])
    }
    if (!isType(value)) throw wrongType(type)
    return read(value, path, problems)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function broken(value: string, { min = 0, max = Infinity, pattern, values }: StringRule): string[] {
  const problems = [
    pattern !== undefined &&
      !new RegExp(`^(?:${pattern})$`, 'u').test(value) &&
      `Member must satisfy regular expression pattern: ${pattern}`,
    ...brokenSizes(value.length, { min, max }),
    values && !values.includes(value) && `Member must satisfy enum value set: [${values.join(', ')}]`,
  ]
  return problems.filter((problem) => typeof problem === 'string')
}

function brokenSizes(length: number, { min, max }: { min: number; max: number }): string[] {
  const problems = [
    length < min && `Member must have length greater than or equal to ${min}`,
    length > max && `Member must have length less than or equal to ${max}`,
  ]
  return problems.filter((problem) => typeof problem === 'string')
}

/** One sentence for all keys, or all values, of a map: which of them is wrong is not said. */
function brokenEntries(which: 'keys' | 'value', path: string, texts: string[], rule: StringRule): string[] {
  if (texts.every((text) => broken(text, rule).length === 0)) return []
  const { min = 0, max, pattern } = rule
  const constraints = [
    max !== undefined && `Member must have length less than or equal to ${max}`,
    `Member must have length greater than or equal to ${min}`,
    pattern !== undefined && `Member must satisfy regular expression pattern: ${pattern}`,
  ].filter((constraint) => typeof constraint === 'string')
  return [violation('', path, `Map ${which} must satisfy constraint: [${constraints.join(', ')}]`)]
}

function violation(shown: string, path: string, constraint: string): string {
  return `Value${shown} at '${path}' failed to satisfy constraint: ${constraint}`
}

/** One error for everything that is wrong with an input. `type` differs between the two APIs. */
export function validationError(
  type: 'InvalidParameterException' | 'ValidationException',
  problems: readonly string[],
): ServiceError {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`
  return new ServiceError(type, `${count} detected: ${problems.join('; ')}`)
}

/** A member of another JSON type than the model's. */
function wrongType(expected: string): ServiceError {
  return new ServiceError('SerializationException', `A member of the request is not a ${expected}`)
}
