import { randomBytes } from 'node:crypto'
import { ConfigurationError } from '../errors.ts'

/**
 * The option `sealingKey`: the first one seals, all of them open. Without a store, a random one will do; with one, the other
 * processes could not open what this one seals. Throws {@link ConfigurationError}.
 */
export function sealingKeys(owner: string, value: unknown, store: unknown): string[] {
  const example = 'for example process.env.SEALING_KEY'
  if (value === undefined) {
    if (store === undefined) return [randomBytes(32).toString('base64url')]
    throw new ConfigurationError(
      `${owner}: "store" needs a "sealingKey", the same in every process, ${example}: what is shared is sealed.`,
    )
  }
  const keys: unknown[] = Array.isArray(value) ? value : [value]
  const strong = (key: unknown): key is string => typeof key === 'string' && key.length >= 32
  if (keys.length > 0 && keys.every(strong)) return keys
  throw new ConfigurationError(
    `${owner}: "sealingKey" must be a secret of 32 characters or more, or a list of such, ${example}.`,
  )
}
