import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { listen } from '../support/app.ts'

/** What stands before the processes. */
export interface Proxy {
  url: string
  /** The processes, in the order of their turns. */
  targets: string[]
  close(): Promise<void>
}

/** Says that the process died with the request. */
export const LOST_HEADER = 'x-lost'

/** One after the other, whoever asks. Only a connection that was refused is tried again, elsewhere. */
export async function startProxy(): Promise<Proxy> {
  let turn = 0
  const server = createServer((req, res) => {
    turn += 1
    const { targets } = proxy
    const order = targets.map((_, index) => targets[(turn + index) % targets.length] ?? '')
    forward(order, req, res)
  })
  const proxy: Proxy = {
    url: await listen(server),
    targets: [],
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

/** Requests of the tests have no bodies. */
function forward([first, ...rest]: string[], req: IncomingMessage, res: ServerResponse): void {
  if (first === undefined) return void res.writeHead(502, { [LOST_HEADER]: 'no process' }).end()
  const { method, headers } = req
  const sent = request(new URL(req.url ?? '', first), { method, headers, agent: false }, (answer) => {
    res.writeHead(answer.statusCode ?? 0, answer.rawHeaders)
    answer.on('error', () => res.destroy())
    answer.pipe(res)
  })
  sent.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') return forward(rest, req, res)
    if (!res.headersSent) res.writeHead(502, { [LOST_HEADER]: error.code ?? 'error' }).end()
  })
  sent.end()
}
