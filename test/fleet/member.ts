import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AppListening, AppOrder, AppReply, AppSettings } from './settings.ts'
import { startWire, type Wire } from './wire.ts'

/** How a process ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

type Question = AppOrder extends infer Order ? (Order extends AppOrder ? Omit<Order, 'id'> : never) : never

/** One process of the fleet, and its wire to Cognito, which stays when the process is started anew. */
export class Member {
  readonly wire: Wire
  /** Where it answers, without the proxy. */
  url = ''
  readonly #settings: () => AppSettings
  readonly #waiting = new Map<number, (value: number) => void>()
  #child: ChildProcess | undefined
  #ended: Promise<Ended> = Promise.resolve({ code: null, signal: null })
  #orders = 0

  private constructor(wire: Wire, settings: () => AppSettings) {
    this.wire = wire
    this.#settings = settings
  }

  /** `settings` is asked at each start. */
  static async start(cognito: string, settings: (wire: Wire) => AppSettings): Promise<Member> {
    const wire = await startWire(cognito)
    const member = new Member(wire, () => settings(wire))
    await member.start()
    return member
  }

  async start(): Promise<void> {
    const env = { ...process.env, FLEET: JSON.stringify(this.#settings()), NODE_ENV: 'test' }
    const execArgv = [...process.execArgv.filter((arg) => !arg.startsWith('--test')), '--expose-gc']
    const child = fork(fileURLToPath(new URL('app.ts', import.meta.url)), { env, execArgv })
    this.#child = child
    this.#ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    child.on('message', ({ id, value }: AppReply) => this.#waiting.get(id)?.(value))
    const listening = once(child, 'message').then(([message]) => message as AppListening)
    const failed = this.#ended.then(() =>
      Promise.reject(new Error('A process has ended before it listened.')),
    )
    this.url = (await Promise.race([listening, failed])).url
    failed.catch(() => undefined)
  }

  ask(question: Question): Promise<number> {
    const id = (this.#orders += 1)
    const answered = new Promise<number>((resolve) => this.#waiting.set(id, resolve))
    this.#child?.send({ ...question, id })
    return answered.finally(() => this.#waiting.delete(id))
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** By its own process id, so that nothing else is hit. */
  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name)
  }

  /** Resolves when it has ended, by itself or by a signal. */
  get ended(): Promise<Ended> {
    return this.#ended
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.#ended
  }

  async close(): Promise<void> {
    await this.kill()
    await this.wire.close()
  }
}
