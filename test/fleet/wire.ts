import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { listen } from '../support/app.ts'

/** What a process asked of Cognito. */
export interface WireRequest {
  method: string
  /** The path, or for the JSON API the name of the operation. */
  operation: string
  body: string
}

/** What it is answered. */
export interface WireAnswer {
  status: number
  headers?: Record<string, string | string[] | undefined>
  body: string
}

/** The wire between one process and Cognito: a test may hold what goes over it, or cut it. */
export interface Wire {
  url: string
  /** Runs before a request reaches Cognito; what it gives is answered instead, and `reset` drops the connection. */
  before?: ((request: WireRequest) => Promise<WireAnswer | 'reset' | undefined>) | undefined
  /** Runs after Cognito has answered, before the process hears of it. */
  after?: ((request: WireRequest, answer: WireAnswer) => Promise<void>) | undefined
  /** Hears of an answer that the process did not wait for, or did not live to read. */
  lost?: ((request: WireRequest, answer: WireAnswer) => void) | undefined
  close(): Promise<void>
}

/** Opens one to the Cognito at `target`. */
export async function startWire(target: string): Promise<Wire> {
  const agent = new Agent({ keepAlive: true })
  const latest: Latest = new WeakMap()
  const server = createServer((req, res) => {
    pass(wire, { target, agent, latest }, req, res).catch(() => req.socket.destroy())
  })
  server.on('connection', (socket) => {
    // What is in the buffer of a connection when it is closed makes this an error at the other end.
    socket.on('close', (hadError) => {
      const last = hadError && latest.get(socket)
      if (last) wire.lost?.(last.asked, last.answer)
    })
  })
  const wire: Wire = {
    url: await listen(server),
    close: async () => {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return wire
}

/** The latest answer on each connection. */
type Latest = WeakMap<object, { asked: WireRequest; answer: WireAnswer }>

async function pass(
  wire: Wire,
  { target, agent, latest }: { target: string; agent: Agent; latest: Latest },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const body = await textOf(req)
  const name = /\.(\w+)$/.exec(String(req.headers['x-amz-target'] ?? ''))?.[1]
  const asked = {
    method: req.method ?? '',
    operation: name ?? new URL(req.url ?? '', target).pathname,
    body,
  }
  const instead = await wire.before?.(asked)
  if (instead === 'reset') return void req.socket.resetAndDestroy()
  // The process died before it could send this.
  if (res.destroyed) return
  const answer = instead ?? (await forward(new URL(req.url ?? '', target), agent, req, body))
  if (!instead) await wire.after?.(asked, answer)
  if (res.destroyed) return wire.lost?.(asked, answer)
  latest.set(req.socket, { asked, answer })
  res.writeHead(answer.status, answer.headers).end(answer.body)
}

function forward(url: URL, agent: Agent, req: IncomingMessage, body: string): Promise<WireAnswer> {
  const headers = { ...req.headers, host: url.host }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: req.method, headers, agent }, (answer) => {
      textOf(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
        reject,
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
