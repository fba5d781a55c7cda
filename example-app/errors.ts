import { S3ServiceException } from '@aws-sdk/client-s3'
import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { MulterError } from 'multer'
import { CognitoError } from 'passport-cognito-identity'
import { httpError } from './http-error.ts'
import { oneLine } from './readable.ts'

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
  405: 'Not this way',
  413: 'Too large',
  415: 'Not a form',
  429: 'Too many attempts',
  502: 'A service behind this app answered badly',
  503: 'Not available right now',
}

/** For addresses that nobody answers. */
export const notFound: RequestHandler = (_req, _res, next) => {
  next(httpError(404, 'There is nothing at this address.'))
}

/** Draws every error: a page for people, JSON for programs. Details go to the log, never to the visitor. */
export const errorPage: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) return next(error)
  const { status, message, headers = {} } = answerFor(error)
  if (error instanceof S3ServiceException) logS3(error, req, status)
  else if (status >= 500) console.error(error)
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
  const { status, expose, message, headers } = (error ?? {}) as Partial<Answer> & { expose?: boolean }
  return expose === true && typeof status === 'number'
    ? { status, message: String(message), ...(headers && { headers }) }
    : { status: 500, message: 'The mistake is ours. It has been written down.' }
}

/** Answers 400 of S3 that no visitor causes: an expired session token, or the wrong Region, bucket or endpoint. */
const setUpMistakes = ['ExpiredToken', 'InvalidToken', 'AuthorizationHeaderMalformed', 'InvalidBucketName']

function answerForS3({ name, message, $metadata: { httpStatusCode } }: S3ServiceException): Answer {
  if (name === 'NoSuchKey') return { status: 404, message: 'There is no such file.' }
  if (httpStatusCode === 403) return { status: 403, message: `S3 refused: ${name}.` }
  if (httpStatusCode === 400 && !setUpMistakes.includes(name)) {
    return { status: 400, message: `S3 answered: ${name}. ${message}` }
  }
  return { status: 502, message: `S3 answered: ${name}.` }
}

/** One line, not the whole error: S3 repeats an expired session token in it. What visitors cause themselves is not logged. */
function logS3({ name, message, $metadata }: S3ServiceException, { method, path }: Request, status: number) {
  if (status === 400 || status === 404) return
  const { httpStatusCode = '', requestId = '' } = $metadata
  const line = `S3 answered ${httpStatusCode} ${name} to ${method} ${path}: ${message} (request ${requestId})`
  console.error(oneLine(line))
}
