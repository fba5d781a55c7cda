import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from 'redis'

/** A Redis of a test's own, on a free loopback port, that keeps what it has on disk. */
export interface TestRedis {
  port: number
  url: string
  /** A connected client. */
  client(options?: { username?: string; password?: string }): Promise<Client>
  /** Kills it without a word, and starts it again with what it had. */
  restart(options?: { awayMs?: number }): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  /** The process, for signals that stop and go on. */
  readonly pid: number
  close(): Promise<void>
}

export type Client = ReturnType<typeof createClient>

const found = spawnSync('redis-server', ['--version'], { encoding: 'utf8' }).status === 0

/**
 * Why tests that need Redis are skipped, for their option `skip`; `false` where there is one. In CI there must be one.
 */
export const noRedis = reasonWithout()

function reasonWithout(): string | false {
  if (process.env['REDIS'] === 'off') return 'REDIS=off'
  return found || process.env['CI'] ? false : 'redis-server is not installed'
}

/** Starts one. `args` are more of its options. */
export async function startRedis(...args: string[]): Promise<TestRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const clients = new Set<Client>()
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always']
    child = spawn('redis-server', [...settings, ...durable, ...args], { stdio: 'ignore' })
    await answering(port)
  }
  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  async function client(options: { username?: string; password?: string } = {}): Promise<Client> {
    const one = createClient({ url, socket: { reconnectStrategy: 50 }, ...options })
    one.on('error', () => undefined)
    clients.add(one)
    await one.connect()
    return one
  }
  await start()
  return {
    port,
    url,
    client,
    start,
    kill,
    get pid() {
      return child?.pid as number
    },
    async restart({ awayMs = 0 } = {}) {
      await kill()
      await wait(awayMs)
      await start()
    },
    async close() {
      for (const one of clients) one.destroy()
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { stdout } = spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' })
    if (stdout.includes('PONG')) return
    await wait(25)
  }
  throw new Error('redis-server does not answer')
}
