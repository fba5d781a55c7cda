/**
 * Preloaded into every test process by scripts/test.mjs. It refuses every connection and every name lookup that would
 * leave this machine, so that no test can pass or fail because of somebody else's server, and it fails the process on
 * a promise rejection that nobody handled, also when it comes after the last test has ended, and on the warnings of Node that
 * are about our code.
 */
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

const loopback = new net.BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/** What a refused connection or lookup fails with. */
class NonLoopbackError extends Error {
  override readonly name = 'NonLoopbackError'
  readonly code = 'ERR_TEST_NON_LOOPBACK'

  constructor(host: string) {
    super(`tests may talk to this machine only, and something tried to reach "${host}"`)
  }
}

function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  const family = net.isIP(name)
  if (family === 0) return name === 'localhost' || name.endsWith('.localhost')
  return loopback.check(name, family === 6 ? 'ipv6' : 'ipv4')
}

/** The host in the arguments of `socket.connect`, which arrive as one array when `net.connect` makes the call. */
function hostOf(args: readonly unknown[]): string {
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as readonly unknown[]
  if (typeof first !== 'object' || first === null) return typeof second === 'string' ? second : 'localhost'
  const { host, path } = first as { host?: unknown; path?: unknown }
  return typeof path === 'string' || typeof host !== 'string' || host === '' ? 'localhost' : host
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the socket below
const connect = net.Socket.prototype.connect as (this: net.Socket, ...args: unknown[]) => net.Socket
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const host = hostOf(args)
  if (isLoopback(host)) return connect.apply(this, args)
  // As a real attempt does: what is written meanwhile waits, and meets this error instead of one of its own.
  Object.assign(this, { connecting: true })
  process.nextTick(() => this.destroy(new NonLoopbackError(host)))
  return this
}

const lookup = dns.lookup as (host: string, ...rest: unknown[]) => void
dns.lookup = ((host: string, ...rest: unknown[]) => {
  if (isLoopback(host)) return lookup(host, ...rest)
  const callback = rest.at(-1) as (error: Error) => void
  process.nextTick(callback, new NonLoopbackError(host))
}) as typeof dns.lookup

const lookupPromise = dns.promises.lookup as (host: string, ...rest: unknown[]) => Promise<unknown>
dns.promises.lookup = (async (host: string, ...rest: unknown[]) => {
  if (!isLoopback(host)) throw new NonLoopbackError(host)
  return lookupPromise(host, ...rest)
}) as typeof dns.promises.lookup

syncBuiltinESMExports()

// Node ends a process with 1 on either of these. The test runner listens to both, which turns that off: while a test
// runs it fails that test, but afterwards it only prints a note. This makes the file fail in every case.
let stray = false
function report(event: string, error: unknown): void {
  stray = true
  console.error(`${event} in a test process:`, error)
}
process.on('uncaughtExceptionMonitor', (error, origin) => report(origin, error))
process.on('unhandledRejection', (error) => {
  // Without the test runner this listener is the only one, and must do what Node would have done.
  if (process.listenerCount('unhandledRejection') === 1) throw error
  report('unhandledRejection', error)
})
// Listeners that pile up, and what Node will take away. What dependencies do that is deprecated is theirs to change.
process.on('warning', (warning) => {
  const deprecated = warning.name === 'DeprecationWarning' && !/node_modules/.test(warning.stack ?? '')
  if (deprecated || warning.name === 'MaxListenersExceededWarning') report(warning.name, warning)
})
process.on('exit', () => {
  if (stray) process.exitCode = 1
})
