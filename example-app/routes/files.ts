import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { S3ServiceException } from '@aws-sdk/client-s3'
import express, { Router } from 'express'
import multer from 'multer'
import { type CognitoAuth, getAuth, requireAuth } from 'passport-cognito-identity'
import { dateTime, size } from '../readable.ts'
import type { UserFiles } from '../user-files.ts'

const maxBytes = 5_000_000

/** The files of the signed-in user, and a look over the fence. */
export function fileRoutes(files: UserFiles): Router {
  const upload = multer({
    storage: multer.memoryStorage(),
    limits: { fileSize: maxBytes, files: 1, fields: 0 },
    defParamCharset: 'utf8',
  })
  const router = Router()
  router.use('/files', requireAuth({ loginURL: '/login' }))

  router.get('/files', async (req, res) => {
    const notice = req.session.notice
    delete req.session.notice
    res.render('files', { ...(await page(files, getAuth(req))), notice })
  })

  router.post('/files', upload.single('file'), async (req, res) => {
    const name = fileName(req.file?.originalname ?? '')
    if (req.file && name !== '') await files.put(getAuth(req), name, req.file.buffer)
    req.session.notice = req.file && name !== '' ? `Uploaded ${name}.` : 'Choose a file first.'
    res.redirect(303, '/files')
  })

  router.get('/files/download', async (req, res) => {
    const name = text(req.query['name'])
    const { Body, ContentLength } = await files.get(getAuth(req), name)
    // Whatever the file is, the browser saves it and never runs it on this site.
    res.attachment(name).type('application/octet-stream')
    if (ContentLength !== undefined) res.set('Content-Length', String(ContentLength))
    await pipeline(Body as Readable, res)
  })

  router.post('/files/delete', express.urlencoded({ extended: false }), async (req, res) => {
    const name = text((req.body as Record<string, unknown> | undefined)?.['name'])
    await files.remove(getAuth(req), name)
    req.session.notice = `Deleted ${name}.`
    res.redirect(303, '/files')
  })

  router.get('/files/look', async (req, res) => {
    const answer = await look(files, getAuth(req), text(req.query['prefix']), text(req.query['key']))
    res.render('files', { ...(await page(files, getAuth(req))), answer })
  })
  return router
}

async function page(files: UserFiles, auth: CognitoAuth) {
  const { files: found, truncated } = await files.list(auth)
  return {
    title: 'Your files',
    bucket: files.bucket,
    folder: await files.folder(auth),
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
async function look(files: UserFiles, auth: CognitoAuth, prefix: string, key: string): Promise<Answer> {
  const asked = key === '' ? `List ${prefix || 'the whole bucket'}` : `Open ${key}`
  try {
    if (key !== '') {
      return {
        asked,
        refused: false,
        says: `200 OK, ${size(await files.sizeAnywhere(auth, key))}`,
        lines: [],
      }
    }
    const lines = await files.listAnywhere(auth, prefix)
    return { asked, refused: false, says: `200 OK, ${lines.length} objects`, lines }
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error
    const { name, message, $metadata } = error
    return { asked, refused: true, says: `${$metadata.httpStatusCode ?? ''} ${name}`, lines: [message] }
  }
}

/** The name under which a file is kept: the browser's, without folders and control characters. */
function fileName(original: string): string {
  const name = original.replace(/^.*[/\\]/s, '').replace(/\p{Cc}/gu, '')
  // Whole characters; 200 of them fit into a key of S3 (1,024 bytes) whatever they are.
  return ['', '.', '..'].includes(name) ? '' : Array.from(name).slice(-200).join('')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
