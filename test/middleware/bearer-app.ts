import { createServer } from 'node:http'
import { connect } from 'node:net'
import type express5 from 'express'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { bearer, type BearerOptions, CognitoError, getAuth, type UserPool } from '../../src/index.ts'
import express from '../support/express.ts'
import { listen } from '../support/app.ts'

/** What a test may change of the app. */
export interface BearerAppOptions {
  bearer?: Partial<BearerOptions>
  /** Bytes of request headers that the server reads. Default: Node's 16 kB. */
  maxHeaderSize?: number
  /** Runs before `bearer()`. */
  before?: RequestHandler
  /** In place of the default handler of every path, which answers with the caller's `sub`. */
  handler?: RequestHandler
  /** The version of Express. Default: the one that this run tests. */
  express?: typeof express5
}

/** An app with `bearer()` in front of everything, on a real server. */
export interface BearerApp {
  url: string
  /** How often the handler behind `bearer()` ran. */
  handled: number
  /** How often `bearer()` called `next`, with or without an error. */
  nexts: number
  /** Errors that reached the app's error handler. */
  errors: unknown[]
  close(): Promise<void>
}

export async function startBearerApp(userPool: UserPool, options: BearerAppOptions = {}): Promise<BearerApp> {
  const { maxHeaderSize, before, handler } = options
  const app = (options.express ?? express)()
  const guard = bearer({ userPool, ...options.bearer })
  if (before) app.use(before)
  app.use((req, res, next) => {
    guard(req, res, (error) => {
      running.nexts += 1
      next(error)
    })
  })
  app.use((req, res, next) => {
    running.handled += 1
    if (handler) return handler(req, res, next)
    res.json({ sub: getAuth(req).claims.sub })
  })
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    running.errors.push(error)
    if (!(error instanceof CognitoError)) return res.sendStatus(500)
    res.status(error.status).set(error.headers).json({ error: error.code, message: error.publicMessage })
  })
  const server = createServer({ ...(maxHeaderSize !== undefined && { maxHeaderSize }) })
  server.on('request', app as (req: unknown, res: unknown) => void)
  const url = await listen(server)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const running: BearerApp = { url, handled: 0, nexts: 0, errors: [], close }
  return running
}

/** What came back over the wire. */
export interface WireAnswer {
  status: number
  headers: Headers
  body: string
}

/**
 * One request on a socket of its own, each header line byte for byte as given: HTTP clients send neither two
 * Authorization headers nor spaces at their end. Characters are Latin-1.
 */
export function wire(url: string, headerLines: readonly string[], target = '/'): Promise<WireAnswer> {
  const head = [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headerLines, '', '']
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(parse(Buffer.concat(chunks).toString('latin1'))))
    socket.write(head.join('\r\n'), 'latin1')
  })
}

function parse(text: string): WireAnswer {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Headers(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) }
}

export const bareChallenge = 'Bearer realm="cognito"'
export const invalidRequest = `${bareChallenge}, error="invalid_request"`
export const invalidToken = `${bareChallenge}, error="invalid_token", error_description="The token is not valid"`
