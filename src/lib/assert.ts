import { ConfigurationError } from '../errors.ts'

/**
 * Checks of options at construction. Every message names the owner and the option and shows the right shape;
 * values are not echoed.
 */

type Options = Record<string, unknown>

/** Throws {@link ConfigurationError} when `options` is no plain object or holds a name outside `known`. */
export function assertKnownOptions(
  owner: string,
  options: unknown,
  known: readonly string[],
): asserts options is Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError(`${owner} takes an options object: { ${known.join(', ')} }.`)
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new ConfigurationError(`${owner} has no option "${name}". Its options are: ${known.join(', ')}.`)
    }
  }
}

/**
 * A string with text in it. The words `undefined` and `null` come from unset environment variables, so they
 * count as missing.
 */
export function requireText(owner: string, name: string, value: unknown, example: string): string {
  const text = optionalText(owner, name, value, example)
  if (text === undefined)
    throw new ConfigurationError(`${owner} needs the option "${name}", for example ${example}.`)
  return text
}

/** Like {@link requireText}, but `undefined` means absent. */
export function optionalText(
  owner: string,
  name: string,
  value: unknown,
  example: string,
): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.trim() === '' || value === 'undefined' || value === 'null') {
    throw new ConfigurationError(`${owner}: "${name}" must be a non-empty string, for example ${example}.`)
  }
  return value
}

/** A finite number within `[min, max]`, a whole one with `integer`, or `fallback` when absent. */
export function optionalNumber(
  owner: string,
  name: string,
  value: unknown,
  { min, max, fallback, integer = false }: { min: number; max: number; fallback: number; integer?: boolean },
): number {
  if (value === undefined) return fallback
  const is = integer ? Number.isInteger : Number.isFinite
  if (typeof value !== 'number' || !is(value) || value < min || value > max) {
    const kind = integer ? 'whole number' : 'number'
    throw new ConfigurationError(`${owner}: "${name}" must be a ${kind} from ${min} to ${max}.`)
  }
  return value
}

/** A boolean, or `fallback` when absent. */
export function optionalBoolean(owner: string, name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw new ConfigurationError(`${owner}: "${name}" must be true or false.`)
  return value
}

/** A function, or `undefined` when absent. */
export function assertOptionalFunction(owner: string, name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new ConfigurationError(`${owner}: "${name}" must be a function.`)
  }
}

/**
 * Marks the instances of our classes. Shared by all copies of the package in a process, and not a name, which
 * minifiers change.
 */
export const brand = Symbol.for('passport-cognito-identity')

/** An instance of `type`, told by its {@link brand}: two copies of the package may meet in one process. */
export function assertInstance(owner: string, name: string, value: unknown, type: string): void {
  const kind = (value as { [brand]?: unknown } | null | undefined)?.[brand]
  if (kind !== type)
    throw new ConfigurationError(`${owner}: "${name}" must be a ${type}: new ${type}({ … }).`)
}

/** An absolute https URL; plain http is for loopback hosts only (RFC 8252 §7.3). No fragment, no user info. */
export function requireUrl(owner: string, name: string, value: unknown, example: string): URL {
  const text = requireText(owner, name, value, example)
  const wrong = (why: string) => new ConfigurationError(`${owner}: "${name}" ${why}, for example ${example}.`)
  if (!URL.canParse(text)) throw wrong('must be an absolute URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw wrong('must be an https URL (http only for localhost)')
  }
  if (text.includes('*')) throw wrong('must be one exact URL, without wildcards')
  if (url.hash !== '' || text.includes('#')) throw wrong('must have no fragment')
  if (url.username !== '' || url.password !== '') throw wrong('must have no user name or password')
  return url
}

/** `localhost`, `127.0.0.0/8` or `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
