import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { faultResponse, type Faults } from './faults.ts'
import type { LocalRequest, LocalResponse } from './http.ts'
import type { RequestLog } from './requests.ts'
import { bodyLimitBytes, route, type Services } from './router.ts'

/** What the server needs to answer. */
interface Serving {
  /** Read at each request: a reset replaces them. */
  services: () => Services
  /** Milliseconds since the epoch. */
  now: () => number
  /** Runs what answers a request. */
  within: <T>(run: () => T) => T
  /** Called after every request, which may have changed something. */
  served: () => void
  requests: RequestLog
  faults: Faults
  /** Whether any `Host` header is taken. */
  dangerouslyExpose: boolean
}

/** Opens the port; nobody answers on it until {@link serve}. Rejects when the port is taken. */
export async function listen(host: string, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const { port: actual } = server.address() as AddressInfo
  return { server, url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}` }
}

/** Starts answering. */
export function serve(server: Server, serving: Serving): void {
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // Every response says what it is, so that nobody mistakes it for Amazon's.
    outgoing.setHeader('x-local-cognito', 'true')
    serving
      .within(() => answer(serving, incoming, outgoing))
      .then((response) => {
        if (response === 'reset') incoming.socket.resetAndDestroy()
        else if (response !== 'hang') send(outgoing, response)
      })
      // The client is gone, or a handler is broken; the server goes on either way.
      .catch(() => send(outgoing, { status: 500, body: 'Internal Server Error' }))
  })
}

/** Ends the server, also under requests that hang and connections that are kept alive. */
export async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function answer(
  serving: Serving,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<LocalResponse | 'hang' | 'reset'> {
  const rawUrl = incoming.url ?? ''
  if (!serving.dangerouslyExpose && !isLoopback(incoming.headers.host)) {
    return { status: 421, body: 'Misdirected Request: a local Cognito answers on loopback names only' }
  }
  const url = parse(rawUrl)
  if (!url) return { status: 400, body: 'Bad Request' }
  const method = incoming.method ?? 'GET'
  const body = await read(incoming, bodyLimitBytes(method, url.pathname))
  if (!body) {
    outgoing.setHeader('connection', 'close')
    return { status: 413, body: 'Content Too Large' }
  }
  return dispatch(serving, { method, url, rawUrl, headers: flat(incoming), body })
}

async function dispatch(serving: Serving, request: LocalRequest): Promise<LocalResponse | 'hang' | 'reset'> {
  const services = serving.services()
  const { operation, protocol, handle } = route(services, request)
  if (operation === undefined) return handle(request)
  serving.requests.add(operation)
  const begun = { at: serving.now(), ...services.participants(request) }
  const startedAt = performance.now()
  const fault = serving.faults.next(operation)
  const response = fault === undefined ? await handle(request) : faultResponse(fault, protocol)
  serving.requests.answered({
    method: request.method,
    operation,
    status: typeof response === 'string' ? response : response.status,
    ms: Math.round(performance.now() - startedAt),
    ...begun,
  })
  serving.served()
  return response
}

/** A page elsewhere must not reach this server through a name that it points at 127.0.0.1 (DNS rebinding). */
function isLoopback(host: string | undefined): boolean {
  return /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i.test(host ?? '')
}

function parse(rawUrl: string): URL | undefined {
  const absolute = `http://127.0.0.1${rawUrl}`
  return rawUrl.startsWith('/') && URL.canParse(absolute) ? new URL(absolute) : undefined
}

/** The whole body, or undefined when it is over the limit. */
async function read(incoming: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function flat(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

function send(outgoing: ServerResponse, response: LocalResponse): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  outgoing.writeHead(response.status, response.headers)
  outgoing.end(response.body)
}
