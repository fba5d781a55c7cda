import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { S3ServiceException } from '@aws-sdk/client-s3'
import express, { type Request, Router } from 'express'
import { requireAuth } from 'passport-cognito-identity'
import { httpError } from '../http-error.ts'
import { dateTime, objects, size } from '../readable.ts'
import { fileName, maxBytes, receiveFile } from '../upload.ts'
import type { UserFiles } from '../user-files.ts'

/** The files of the signed-in user, and a look over the fence. */
export function fileRoutes(files: UserFiles): Router {
  const router = Router()
  router.use('/files', requireAuth({ loginURL: '/login' }))

  router.get('/files', async (req, res) => {
    const notice = req.session.notice
    delete req.session.notice
    res.render('files', { ...(await page(files, req)), notice })
  })

  router.post('/files', receiveFile('file'), async (req, res) => {
    const name = fileName(req.file?.originalname ?? '')
    if (req.file && name !== '') await files.put(req, name, req.file.buffer)
    req.session.notice = req.file && name !== '' ? `Uploaded ${name}.` : 'Choose a file first.'
    res.redirect(303, '/files')
  })

  router.get('/files/download', async (req, res) => {
    const name = nameOf(req.query['name'])
    const { Body, ContentLength } = await files.get(req, name)
    // Whatever the file is, the browser saves it and never runs it on this site.
    res.attachment(name).type('application/octet-stream')
    if (ContentLength !== undefined) res.set('Content-Length', String(ContentLength))
    await pipeline(Body as Readable, res).catch(brokenOff)
  })

  router.post('/files/delete', express.urlencoded({ extended: false }), async (req, res) => {
    const name = nameOf((req.body as Record<string, unknown> | undefined)?.['name'])
    await files.remove(req, name)
    req.session.notice = `Deleted ${name}.`
    res.redirect(303, '/files')
  })

  router.get('/files/look', async (req, res) => {
    const answer = await look(files, req, text(req.query['prefix']), text(req.query['key']))
    res.render('files', { ...(await page(files, req)), answer })
  })
  return router
}

async function page(files: UserFiles, req: Request) {
  const { files: found, truncated } = await files.list(req)
  return {
    title: 'Your files',
    bucket: files.bucket,
    folder: await files.folder(req),
    files: found.map(({ name, bytes, changed }) => ({
      name,
      size: size(bytes),
      changed: changed ? dateTime(changed) : '',
    })),
    truncated,
    maxSize: size(maxBytes),
    notice: undefined as string | undefined,
    answer: undefined as Answer | undefined,
  }
}

interface Answer {
  asked: string
  refused: boolean
  says: string
  lines: string[]
}

/** Asks S3 as the user for what may be somebody else's, and gives its answer word for word. */
async function look(files: UserFiles, req: Request, prefix: string, key: string): Promise<Answer> {
  const asked = key === '' ? `List ${prefix || 'the whole bucket'}` : `Open ${key}`
  try {
    if (key !== '') {
      return {
        asked,
        refused: false,
        says: `200 OK, ${size(await files.sizeAnywhere(req, key))}`,
        lines: [],
      }
    }
    const lines = await files.listAnywhere(req, prefix)
    return { asked, refused: false, says: `200 OK, ${objects(lines.length)}`, lines }
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error
    const { name, message, $metadata } = error
    return { asked, refused: true, says: `${$metadata.httpStatusCode ?? ''} ${name}`, lines: [message] }
  }
}

/** The answer is cut already, so there is nobody to tell; and when it was the browser that went, nothing to write down. */
function brokenOff(error: NodeJS.ErrnoException): void {
  if (error.code?.startsWith('ERR_STREAM_') !== true) console.error(`A download broke off: ${error.message}`)
}

/** The name of one file. Without a name the key would be the folder's own. */
function nameOf(value: unknown): string {
  const name = text(value)
  if (name !== '') return name
  throw httpError(400, 'Which file? The request names none.')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
