const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

/** Makes `util.inspect` and `console.log` show `[redacted]` in place of the values of an object that holds secrets. */
export function redacted<T extends object>(secrets: T): T {
  return Object.defineProperty(secrets, inspectCustom, {
    value(this: object) {
      return Object.fromEntries(Object.keys(this).map((name) => [name, '[redacted]']))
    },
    configurable: true,
  })
}
