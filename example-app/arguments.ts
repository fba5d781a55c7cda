import { parseArgs } from 'node:util'
import type { Environment } from './variables.ts'

/** How many processes serve the app, and what they share. */
export interface Arguments {
  /** `redis://…`, or `undefined`: each process by itself. */
  redis: string | undefined
  processes: number
}

/** `--redis URL` (or `REDIS_URL`) and `--processes N`. Throws for anything else. */
export function argumentsFrom(args: readonly string[], env: Environment): Arguments {
  const options = { redis: { type: 'string' }, processes: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options, allowPositionals: false })
  const redis = values.redis ?? (env['REDIS_URL'] || undefined)
  const processes = values.processes ?? '1'
  if (redis !== undefined && !/^rediss?:\/\/./.test(redis))
    throw new Error('--redis must be an address such as redis://127.0.0.1:6379.')
  if (!/^[1-9]\d?$/.test(processes)) throw new Error('--processes must be a number from 1 to 99.')
  if (Number(processes) > 1 && redis === undefined)
    throw new Error('--processes needs --redis: without it each process knows its own visitors only.')
  return { redis, processes: Number(processes) }
}
