import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Express } from 'express'

export interface Answer {
  status: number
  body: string
}

/** Never connected: what asks where the request comes from finds something to ask. */
const socket = new Socket()

/**
 * Gives a request straight to an app and waits for the whole answer: Node's own request and response, and no network. The
 * headers are new strings every time, as they are when a parser has read them, so that no engine remembers their hash.
 */
export function dispatch(app: Express, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const req = new IncomingMessage(socket)
  req.method = 'GET'
  req.url = '/'
  req.rawHeaders = ['host', 'localhost']
  req.headers = { host: 'localhost' }
  for (const [name, value] of Object.entries(headers)) {
    const fresh = Buffer.from(value, 'latin1').toString('latin1')
    req.rawHeaders.push(name, fresh)
    req.headers[name] = fresh
  }
  const res = new ServerResponse(req)
  return new Promise((resolve) => {
    let body = ''
    // A session that is to be saved first holds the end of the body back, so there may be two pieces.
    const write = (chunk: string | Buffer) => {
      body += chunk.toString()
      return ServerResponse.prototype.write.call(res, chunk, 'utf8')
    }
    const end = (chunk: string | Buffer = '') => {
      body += chunk.toString()
      ServerResponse.prototype.end.call(res, chunk, 'utf8')
      resolve({ status: res.statusCode, body })
      return res
    }
    app(req, Object.assign(res, { write, end }))
  })
}
