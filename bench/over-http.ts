import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { compare, type Contender, type Result } from './rounds.ts'
import type { Addresses } from './server.ts'
import type { Subject } from './subject.ts'

/** Enough to keep the server busy all the time. */
const CONNECTIONS = 10
const WARM_UP_SECONDS = 1

/**
 * Requests per second over real HTTP, as fractions of the plain route's. The server has a process, and with two cores a core, of its
 * own; the load comes from this one. Rejects when an app lets a request without a token in, or answers anything but 200 to one with it.
 */
export async function compareOverHttp(
  subject: Subject,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Result[]> {
  const server = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [JSON.stringify(subject)], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  try {
    const addresses = Object.entries(await addressesOf(server))
    for (const [name, url] of addresses) {
      await assertGuarded(name, url, subject)
      await rate(url, subject.token, WARM_UP_SECONDS)
    }
    const contenders: Contender[] = addresses.map(([name, url]) => ({
      name,
      measure: () => rate(url, subject.token, seconds),
    }))
    return await compare(contenders, rounds)
  } finally {
    server.kill()
  }
}

async function addressesOf(server: ChildProcess): Promise<Addresses> {
  const ended = once(server, 'exit').then(() => {
    throw new Error('The server ended before it listened.')
  })
  const [addresses] = (await Promise.race([once(server, 'message'), ended])) as [Addresses]
  return addresses
}

/** A contender that is fast because it checks nothing would win. */
async function assertGuarded(name: string, url: string, { token, sub }: Subject): Promise<void> {
  const anonymous = await fetch(url)
  if (anonymous.status !== (name === 'plain route' ? 200 : 401)) {
    throw new Error(`${name}: a request without a token was answered ${anonymous.status}.`)
  }
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const body = await answer.text()
  if (answer.status !== 200 || body !== JSON.stringify({ sub })) {
    throw new Error(`${name}: a request with the token was answered ${answer.status}.`)
  }
}

async function rate(url: string, token: string, seconds: number): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  // The plain route gets the header as well: what Node needs to read it is nobody's merit or fault.
  const result = await autocannon({
    url,
    headers,
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: 100,
  })
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(`${result.errors} failed requests, ${result.non2xx} refused ones.`)
  }
  return result['2xx'] / result.duration
}
