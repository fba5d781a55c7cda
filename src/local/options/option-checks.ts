import { ConfigurationError } from './configuration-error.ts'

/** Every check names the option it is about and shows the right shape; none echoes a value, which may be a secret. */
export function refuse(option: string, shape: string): never {
  throw new ConfigurationError(`[local Cognito] option "${option}" must be ${shape}`, option)
}

export function checkObject(
  option: string,
  value: unknown,
  known: readonly string[],
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(option, 'an object')
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new ConfigurationError(
        `[local Cognito] unknown option "${option}.${name}"; known are ${known.join(', ')}`,
      )
    }
  }
  return value as Record<string, unknown>
}

export function checkArray(option: string, value: unknown, minEntries = 0): unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) refuse(option, 'an array')
  if (value.length < minEntries) refuse(option, 'an array that is not empty')
  return value
}

export function checkString(option: string, value: unknown, pattern: RegExp, shape: string): string {
  if (typeof value !== 'string' || value === 'undefined' || !pattern.test(value)) refuse(option, shape)
  return value
}

export function checkOneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  return found ?? refuse(option, `one of ${allowed.join(', ')}`)
}

export function checkBoolean(option: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') refuse(option, 'true or false')
  return value
}

export function checkInteger(option: string, value: unknown, range: { min: number; max: number }): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < range.min || value > range.max) {
    refuse(option, `a whole number from ${range.min} to ${range.max}`)
  }
  return value
}

export function checkFinite(option: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(option, 'a finite number')
  return value
}

export function checkSeconds(option: string, value: unknown, fallback: number): number {
  return value === undefined ? fallback : checkInteger(option, value, { min: 1, max: 315_360_000 })
}

/** Names of users and groups. */
export const namePattern = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u
export const nameShape = '1 to 128 characters without spaces'

/** A list of known words without repetitions. */
export function checkWords<T extends string>(option: string, value: unknown, allowed: readonly T[]): T[] {
  const words = checkArray(option, value).map((word, index) =>
    checkOneOf(`${option}[${index}]`, word, allowed),
  )
  checkUnique(option, words)
  return words
}

export function checkUnique(option: string, values: readonly string[]): void {
  if (new Set(values).size !== values.length) refuse(option, 'different in every entry')
}

/** What Cognito takes as a callback or sign-out URL: https, a custom scheme, or http on loopback; no fragment. */
export function checkRedirectURL(option: string, value: unknown): string {
  const shape =
    'an https URL, an http URL on localhost, 127.0.0.1 or [::1], or one with a custom scheme and ://, without a fragment'
  // Printable ASCII only: the value goes into a Location header as it is.
  if (typeof value !== 'string' || !/^[\x21\x22\x24-\x7e]+$/.test(value)) refuse(option, shape)
  // `new URL` mends `https:/a` and `https:///a`, which no browser would compare equal to what was registered.
  if (!/^(https?:\/\/[^/\\]|(?!https?:)[a-z][a-z\d+.-]*:\/\/.)/i.test(value) || !URL.canParse(value))
    refuse(option, shape)
  const { protocol, hostname } = new URL(value)
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) refuse(option, shape)
  // A redirect to one of these would run or read something instead of returning to an app.
  if (['javascript:', 'data:', 'file:', 'vbscript:', 'blob:'].includes(protocol)) refuse(option, shape)
  return value
}
