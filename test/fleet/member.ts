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

/** What the SDK says about this version of Node is known. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }

type Question = AppOrder extends infer Order ? (Order extends AppOrder ? Omit<Order, 'id'> : never) : never

/** One process of the fleet, and its wire to Cognito, which stays when the process is started anew. */
export class Member {
  readonly wire: Wire
  /** Where it answers, without the proxy. */
  url = ''
  /** How often it ended by itself, with an error. */
  crashes = 0
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
    const env = { ...process.env, FLEET: JSON.stringify(this.#settings()), NODE_ENV: 'test', ...quiet }
    const execArgv = [...process.execArgv.filter((arg) => !arg.startsWith('--test')), '--expose-gc']
    const child = fork(fileURLToPath(new URL('app.ts', import.meta.url)), { env, execArgv })
    this.#child = child
    this.#ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    void this.#ended.then(({ code }) => {
      if (code) this.crashes += 1
    })
    const listening = new Promise<AppListening>((resolve) => {
      child.on('message', (message: AppReply | AppListening) => {
        if ('url' in message) resolve(message)
        else this.#waiting.get(message.id)?.(message.value)
      })
    })
    const failed = this.#ended.then(() =>
      Promise.reject(new Error('A process has ended before it listened.')),
    )
    this.url = (await Promise.race([listening, failed])).url
    failed.catch(() => undefined)
  }

  /** A process that has ended says nothing: NaN. */
  async ask(question: Question): Promise<number> {
    const id = (this.#orders += 1)
    const answered = new Promise<number>((resolve) => this.#waiting.set(id, resolve))
    this.#child?.send({ ...question, id }, () => undefined)
    const silent = this.#ended.then(() => Number.NaN)
    return Promise.race([answered, silent]).finally(() => this.#waiting.delete(id))
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get isAlive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null
  }

  /** By its own process id, so that nothing else is hit. */
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
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
