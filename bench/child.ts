import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** A process that answers every order with one message. */
export interface Child<Order, Reply> {
  /** One at a time. Rejects when the process ends instead. */
  ask(order: Order): Promise<Reply>
  /** Resolves when it has ended. */
  stop(): Promise<void>
}

/** Whether server and load can have a core each, and keep it. */
export const isPinned = availableParallelism() >= 2 && [0, 1].every(takesCore)

function takesCore(core: number): boolean {
  return spawnSync('taskset', ['-c', String(core), 'true']).status === 0
}

/** Starts one of the programs of this folder. A local Cognito does not start in `production`. */
export function startChild<Order extends object, Reply>(
  file: string,
  core: 0 | 1,
  environment = 'production',
): Child<Order, Reply> {
  const pinned = isPinned
    ? { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...process.execArgv] }
    : {}
  const env = { ...process.env, NODE_ENV: environment }
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env, ...pinned })
  const ended = once(child, 'exit')
  return {
    ask: (order) => ask(child, order, ended),
    stop: async () => {
      child.kill()
      await ended
    },
  }
}

async function ask<Reply>(child: ChildProcess, order: object, ended: Promise<unknown>): Promise<Reply> {
  const failed = ended.then(() => {
    throw new Error('A process of the benchmark has ended too soon.')
  })
  child.send(order)
  const [reply] = (await Promise.race([once(child, 'message'), failed])) as [Reply]
  return reply
}

/** The other end. The process ends with its parent, and with the first error. */
export function answerParent<Order>(answer: (order: Order) => unknown): void {
  process.once('disconnect', () => process.exit())
  process.on('message', (order) => {
    void Promise.resolve(answer(order as Order)).then((reply) => process.send?.(reply ?? {}))
  })
}
