const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

function withoutValues(this: object): object {
  return Object.fromEntries(Object.keys(this).map((name) => [name, '[redacted]']))
}
const hidden = { value: withoutValues, configurable: true }

/**
 * Makes `util.inspect` and `console.log` show `[redacted]` in place of the values of an object that holds
 * secrets; `JSON.stringify` too with `json`. Returns the object.
 */
export function redacted<T extends object>(secrets: T, { json = false }: { json?: boolean } = {}): T {
  Object.defineProperty(secrets, inspectCustom, hidden)
  return json ? Object.defineProperty(secrets, 'toJSON', hidden) : secrets
}
