import { S3ServiceException } from '@aws-sdk/client-s3'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { MulterError } from 'multer'
import { CognitoError } from 'passport-cognito-identity'

/** What a visitor is told about an error. */
interface Answer {
  status: number
  message: string
  headers?: Record<string, string>
}

const titles: Record<number, string> = {
  400: 'That request made no sense',
  401: 'Please sign in',
  403: 'Not allowed',
  404: 'Not found',
  413: 'Too large',
  502: 'A service behind this app answered badly',
  503: 'Not available right now',
}

/** For addresses that nobody answers. */
export const notFound: RequestHandler = (_req, _res, next) => {
  next(Object.assign(new Error('There is nothing at this address.'), { status: 404, expose: true }))
}

/** Draws every error: a page for people, JSON for programs. Details go to the log, never to the visitor. */
export const errorPage: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) return next(error)
  const { status, message, headers = {} } = answerFor(error)
  if (status >= 500) console.error(error)
  res.status(status).set(headers)
  const json = req.path.startsWith('/api/') || req.accepts(['html', 'json']) === 'json'
  if (json) return void res.json({ error: status, message })
  res.render('error', { title: titles[status] ?? 'Something went wrong', status, message })
}

function answerFor(error: unknown): Answer {
  if (error instanceof CognitoError) {
    return { status: error.status, message: error.publicMessage, headers: error.headers }
  }
  if (error instanceof S3ServiceException) return answerForS3(error)
  if (error instanceof MulterError) {
    return { status: error.code === 'LIMIT_FILE_SIZE' ? 413 : 400, message: `${error.message}.` }
  }
  const { status = 500, expose = false, message = '' } = (error ?? {}) as Partial<Record<string, unknown>>
  return expose === true && typeof status === 'number'
    ? { status, message: String(message) }
    : { status: 500, message: 'The mistake is ours. It has been written down.' }
}

function answerForS3({ name, $metadata: { httpStatusCode = 502 } }: S3ServiceException): Answer {
  if (httpStatusCode === 404) return { status: 404, message: 'There is no such file.' }
  if (httpStatusCode === 403) return { status: 403, message: `S3 refused: ${name}.` }
  return { status: 502, message: `S3 answered: ${name}.` }
}
