import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** How the upstream answers: as told, or as broken servers do. */
export type UpstreamAnswer =
  | { status?: number; headers?: Record<string, string>; body?: string }
  /** Never answers. */
  | 'hang'
  /** Drops the connection. */
  | 'reset'
  /** HTML where JSON was expected. */
  | 'garbage'
  /** JSON that stops in the middle, after a complete HTTP message. */
  | 'truncated'
  /** 100 MB of JSON whitespace. */
  | 'huge'
  /** One byte per second, for ever. */
  | 'drip'
  /** The headers, and then nothing. */
  | 'headers'

/** What the upstream was asked. */
export interface UpstreamRequest {
  method: string
  path: string
}

/** A server that is anybody's upstream and answers as it is told. */
export interface Upstream {
  url: string
  requests: UpstreamRequest[]
  /** Bytes written so far: how much of a huge body was really taken. */
  bytesSent(): number
  answer: UpstreamAnswer
  close(): Promise<void>
}

export async function startUpstream(answer: UpstreamAnswer): Promise<Upstream> {
  let bytes = 0
  const requests: UpstreamRequest[] = []
  const server = createServer((req, res) => {
    requests.push({ method: req.method ?? '', path: req.url ?? '' })
    req.resume()
    send(upstream.answer, req, res, (count) => (bytes += count))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bytesSent: () => bytes,
    answer,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return upstream
}

type Count = (bytes: number) => void

function send(answer: UpstreamAnswer, req: IncomingMessage, res: ServerResponse, count: Count): void {
  switch (answer) {
    case 'hang':
      return
    case 'reset':
      req.socket.resetAndDestroy()
      return
    case 'garbage':
      res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><h1>It works!</h1>')
      return
    case 'truncated':
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[{"kty":"RSA","access_to')
      return
    case 'huge':
      sendHuge(res, count)
      return
    case 'headers':
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).flushHeaders()
      return
    case 'drip':
      sendDrip(res, count)
      return
    default:
      res
        .writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
        .end(answer.body)
  }
}

function sendHuge(res: ServerResponse, count: Count): void {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  let left = 100 * 1024 * 1024
  res.writeHead(200, { 'content-type': 'application/json' })
  const write = () => {
    while (left > 0 && !res.destroyed) {
      left -= chunk.length
      count(chunk.length)
      if (!res.write(chunk)) return void res.once('drain', write)
    }
    res.end()
  }
  write()
}

function sendDrip(res: ServerResponse, count: Count): void {
  res.writeHead(200, { 'content-type': 'application/json' })
  const drip = () => {
    count(1)
    res.write(' ')
  }
  drip()
  const timer = setInterval(drip, 1_000)
  res.once('close', () => clearInterval(timer))
}
