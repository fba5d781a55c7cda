import type { RequestHandler } from 'express'
import multer, { MulterError } from 'multer'
import { httpError } from './http-error.ts'

/** The largest file that is taken, in bytes. */
export const maxBytes = 5_000_000

/** Puts the one file of a form on `req.file`. A body that is no such form is a 400, one that is too large a 413. */
export function receiveFile(field: string): RequestHandler {
  const receive = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: maxBytes, files: 1, fields: 0 },
    defParamCharset: 'utf8',
  }).single(field)
  return (req, res, next) => {
    void receive(req, res, (error: unknown) => {
      if (error === undefined || error instanceof MulterError) return next(error)
      // With files kept in memory only the reading of the request is left to fail: its form, or the browser that has gone.
      next(httpError(400, 'The upload arrived damaged or incomplete.', { cause: error }))
    })
  }
}

/** The name under which a file is kept: the browser's, without folders; empty when nothing is left of it. */
export function fileName(original: string): string {
  // Control characters, and the invisible ones: with those that turn the direction of text, an .exe can look like a .txt.
  const name = original.replace(/^.*[/\\]/s, '').replace(/[\p{Cc}\p{Cf}]/gu, '')
  // Whole characters; 200 of them fit into a key of S3 (1,024 bytes) whatever they are.
  return ['', '.', '..'].includes(name) ? '' : Array.from(name).slice(-200).join('')
}
