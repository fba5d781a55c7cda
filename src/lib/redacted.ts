const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

/**
 * Makes `util.inspect` and `console.log` show `[redacted]` in place of the values of an object that holds
 * secrets; `JSON.stringify` too with `json`. Returns the object.
 */
export function redacted<T extends object>(secrets: T, { json = false }: { json?: boolean } = {}): T {
  const value = () => Object.fromEntries(Object.keys(secrets).map((name) => [name, '[redacted]']))
  Object.defineProperty(secrets, inspectCustom, { value, configurable: true })
  return json ? Object.defineProperty(secrets, 'toJSON', { value, configurable: true }) : secrets
}
