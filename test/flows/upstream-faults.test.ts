/** Every upstream with every fault of a network, a TLS terminator or a service: what the app is told, and in which time. */
import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import tls from 'node:tls'
import { type CognitoError, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { makeCertificate } from '../support/certificate.ts'
import { ana, signIn } from '../user-pool/sign-in.ts'
import { type UpstreamCalls, upstreamCalls } from './upstream-calls.ts'

const DAY = 86_400_000
const valid: [Date, Date] = [new Date(Date.now() - DAY), new Date(Date.now() + DAY)]
const certificates = {
  good: makeCertificate('localhost', valid),
  name: makeCertificate('cognito.example.com', valid),
  expired: makeCertificate('localhost', [new Date(Date.now() - 3 * DAY), new Date(Date.now() - DAY)]),
}
type Fault = 'dns' | 'refused' | 'reset' | 'tls' | 'http500' | 'http429' | 'hang'

let local: LocalCognito
let upstreams: UpstreamCalls
const servers: Server[] = []
/** Where each fault is. */
const addresses = new Map<string, string>()
/** Requests that got through TLS. */
let overTls = 0

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** In the words of whichever service is asked. */
const throttling =
  '{"__type":"TooManyRequestsException","message":"Rate exceeded","error":"temporarily_unavailable"}'

const serversOf: Record<'reset' | 'http500' | 'http429' | 'hang', () => Server> = {
  reset: () =>
    createServer((req, res) => {
      req.resume()
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      res.write('{"keys":[{"kty":"RSA","access_token":"x', () => req.socket.resetAndDestroy())
    }),
  http500: () =>
    createServer((req, res) => {
      req.resume()
      res.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"Internal"}')
    }),
  http429: () =>
    createServer((req, res) => {
      req.resume()
      res
        .writeHead(429, {
          'content-type': 'application/json',
          'x-amzn-errortype': 'TooManyRequestsException',
        })
        .end(throttling)
    }),
  hang: () => createServer((req) => void req.resume()),
}

const { lookup } = dns
const { connect } = tls

before(async () => {
  local = await startLocalCognito({ users: [ana] })
  upstreams = upstreamCalls(local, (await signIn(new UserPool(local.userPool))).tokens)
  for (const [fault, make] of Object.entries(serversOf))
    addresses.set(fault, `http://127.0.0.1:${await listen(make())}`)
  for (const [kind, certificate] of Object.entries(certificates)) {
    const server = createTlsServer(certificate, (_req, res) => {
      overTls += 1
      res.end('{}')
    })
    addresses.set(`tls ${kind}`, `https://localhost:${await listen(server)}`)
  }
  const gone = createServer()
  addresses.set('refused', `http://127.0.0.1:${await listen(gone)}`)
  await new Promise((resolve) => gone.close(resolve))
  addresses.set('dns', 'https://nowhere.localhost')
  // As a resolver that knows no such name; and machines that trust whoever signed the certificates.
  dns.lookup = ((host: string, ...rest: unknown[]) => {
    if (host !== 'nowhere.localhost') return Reflect.apply(lookup, dns, [host, ...rest]) as unknown
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })
    process.nextTick(rest.at(-1) as (error: Error) => void, error)
  }) as typeof dns.lookup
  tls.connect = ((options: object, ...rest: unknown[]) => {
    const ca = Object.values(certificates).map(({ cert }) => cert)
    return Reflect.apply(connect, tls, [{ ...options, ca }, ...rest]) as tls.TLSSocket
  }) as typeof tls.connect
})
after(async () => {
  Object.assign(dns, { lookup })
  Object.assign(tls, { connect })
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await local.close()
})

const faults: Fault[] = ['dns', 'refused', 'reset', 'tls', 'http500', 'http429', 'hang']
const table: Record<keyof UpstreamCalls, readonly number[]> = {
  //                 dns  refused reset tls  500  429  hang
  JWKS: /*        */ [503, 503, 503, 503, 503, 503, 503],
  'token endpoint': [503, 503, 503, 503, 503, 503, 503],
  revocation: /*  */ [503, 503, 503, 503, 503, 503, 503],
  'user pool API': [503, 503, 503, 503, 503, 429, 503],
  'identity pool': [503, 503, 503, 503, 503, 503, 503],
  STS: /*         */ [503, 503, 503, 503, 503, 503, 503],
} // prettier-ignore

/** What the error says was wrong, in its causes. */
const causesOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.cause.message} ← ${causesOf(error.cause)}` : ''

describe('FL-02 whatever is wrong with an upstream', { concurrency: 7 }, () => {
  test('FL-02 the table has 42 cells', () => {
    assert.deepEqual(Object.keys(table), Object.keys(upstreams))
    assert.equal(Object.values(table).flat().length, 42)
  })

  for (const [upstream, statuses] of Object.entries(table) as [keyof UpstreamCalls, readonly number[]][]) {
    for (const [index, fault] of faults.entries()) {
      test(`FL-02 ${upstream} × ${fault} is ${statuses[index]}, within ten seconds, and says when to try again`, async () => {
        const kinds = fault === 'tls' ? ['tls name', 'tls expired'] : [fault]
        for (const kind of kinds) {
          const started = performance.now()
          const error = await upstreams[upstream](addresses.get(kind) ?? '').then(
            () => assert.fail('went well'),
            (reason: unknown) => reason as CognitoError,
          )
          assert.ok(performance.now() - started < 10_000)
          assert.equal(error.status, statuses[index], `${error.name}: ${error.message}`)
          assert.ok(Number(error.headers['Retry-After']) > 0)
          const code = {
            'tls name': 'ERR_TLS_CERT_ALTNAME_INVALID',
            'tls expired': 'CERT_HAS_EXPIRED',
            dns: 'ENOTFOUND',
            refused: 'ECONNREFUSED',
          }[kind]
          assert.ok(causesOf(error).includes(code ?? ''), causesOf(error))
        }
      })
    }
  }
})

test('FL-02 nothing was sent past a certificate that is wrong, and one that is right would have done', async () => {
  assert.equal(overTls, 0)
  for (const [index, run] of Object.values<UpstreamCalls['JWKS']>({ ...upstreams }).entries()) {
    await run(addresses.get('tls good') ?? '').catch(() => undefined)
    assert.ok(overTls > index)
  }
})
