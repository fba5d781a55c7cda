import { ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { type Request, Router } from 'express'
import {
  type CognitoIdentityCredentials,
  CredentialsError,
  getAuth,
  type IdentityPool,
} from 'passport-cognito-identity'
import type { Config } from '../config.ts'
import { formAction } from '../form-page.ts'
import type { FormerGuest } from '../guests.ts'
import { fromNow, objects } from '../readable.ts'

/** What S3 answers a guest who asks for a folder. */
interface Answer {
  prefix: string
  refused: boolean
  says: string
  keys: string[]
}

/** What visitors may do who have not signed in, with an identity and credentials of their own. */
export function guestRoutes(config: Config, identityPool: IdentityPool): Router {
  const router = Router()
  router.get('/guest', async (req, res) => {
    const notice = req.session.notice
    delete req.session.notice
    res.render('guest', { title: 'As a guest', notice, ...(await page(req, config, identityPool)) })
  })
  // Only who presses the button becomes one: an identity for every robot that comes by would use up the quota of GetId.
  router.use(formAction({ path: '/guest', fields: [], submit: (req) => welcome(req, identityPool) }))
  router.use(
    formAction({
      path: '/guest/forget',
      fields: [],
      submit: (req) => {
        delete req.session.guest
        req.session.notice = 'Forgotten. Who comes back as a guest is somebody new.'
        return '/guest'
      },
    }),
  )
  return router
}

async function welcome(req: Request, identityPool: IdentityPool): Promise<string> {
  if (req.cognito) return '/guest'
  try {
    const { identityId } = await identityPool.guestCredentials({ identityId: req.session.guest })
    req.session.guest = identityId
  } catch (error) {
    if (!isRefusal(error)) throw error
    delete req.session.guest
    req.session.notice = 'The identity pool takes no guests, or not this one any more.'
  }
  return '/guest'
}

async function page(req: Request, config: Config, identityPool: IdentityPool) {
  const nobody = { guest: undefined, identityId: undefined, formerGuest: undefined, answers: [] as Answer[] }
  if (req.cognito) {
    const identityId = await getAuth(req).credentials.identityId()
    return { ...nobody, identityId, formerGuest: (req.user as FormerGuest).formerGuest }
  }
  const credentials = await guestCredentials(req, identityPool)
  if (!credentials) return nobody
  const { identityId, expiration } = credentials
  const s3 = new S3Client({ ...config.s3, credentials })
  try {
    const prefixes = ['public/', `private/${identityId}/`]
    const answers = await Promise.all(prefixes.map((prefix) => list(s3, config.bucket, prefix)))
    return { ...nobody, guest: { identityId, until: fromNow(expiration) }, answers }
  } finally {
    s3.destroy()
  }
}

/** Of the guest of this session. One that is gone is forgotten. */
async function guestCredentials(
  { session }: Request,
  identityPool: IdentityPool,
): Promise<CognitoIdentityCredentials | undefined> {
  if (session.guest === undefined) return undefined
  try {
    return await identityPool.guestCredentials({ identityId: session.guest })
  } catch (error) {
    if (!isRefusal(error)) throw error
    delete session.guest
    return undefined
  }
}

async function list(s3: S3Client, bucket: string, prefix: string): Promise<Answer> {
  try {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
    const keys = Contents.map(({ Key = '' }) => Key)
    return { prefix, refused: false, says: `200 OK, ${objects(keys.length)}`, keys }
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 403) throw error
    return { prefix, refused: true, says: `403 ${error.name}`, keys: [error.message] }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof CredentialsError && error.status === 403
}
