import { ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type Request, Router } from 'express'
import {
  type Claims,
  type CredentialsProvider,
  getAuth,
  type IdTokenClaims,
  requireAuth,
} from 'passport-cognito-identity'
import type { Config } from '../config.ts'
import { objects } from '../readable.ts'

/** Which role AWS sees behind a user, why this one, and which others the user may take. */
export function roleRoutes(config: Config): Router {
  return Router().get('/role', requireAuth({ loginURL: '/login' }), async (req, res) => {
    const { claims, groups, credentials } = getAuth<IdTokenClaims>(req)
    const roles = rolesOf(claims)
    // What came with the request only chooses among the roles of the verified token, by their short names.
    const asked = roles.find((arn) => nameOf(arn) === req.query['as'])
    const provider = asked === undefined ? credentials : credentials.withRole(asked)
    const caller = await callerOf(config, provider)
    res.render('role', {
      title: 'Your role',
      caller,
      why: why(claims, nameOfSession(caller.arn), asked),
      groups,
      preferred: claims['cognito:preferred_role'],
      roles: roles.map((arn) => ({
        arn,
        name: nameOf(arn),
        current: nameOf(arn) === nameOfSession(caller.arn),
      })),
      tags: tagsOf(config, claims),
      answers: await Promise.all(prefixes(req).map((prefix) => ask(config, provider, prefix))),
    })
  })
}

function rolesOf(claims: Claims): string[] {
  const roles: unknown = claims['cognito:roles']
  return Array.isArray(roles) ? roles.filter((arn) => typeof arn === 'string') : []
}

/** Who signs, in the words of STS: nobody needs a permission to ask for that. */
async function callerOf({ sts }: Config, credentials: CredentialsProvider) {
  const client = new STSClient({ ...sts, credentials })
  try {
    const { Arn = '', Account = '' } = await client.send(new GetCallerIdentityCommand())
    return { arn: Arn, account: Account, identityId: await credentials.identityId() }
  } finally {
    client.destroy()
  }
}

const nameOf = (roleArn: string) => roleArn.slice(roleArn.lastIndexOf('/') + 1)
/** `arn:aws:sts::…:assumed-role/NAME/SESSION` */
const nameOfSession = (arn: string) => arn.split('/')[1] ?? ''

function why(claims: Claims, name: string, asked: string | undefined): string {
  const preferred: unknown = claims['cognito:preferred_role']
  if (asked !== undefined) return 'You asked for it, and it is one of the roles that your token lists.'
  if (typeof preferred === 'string' && nameOf(preferred) === name)
    return 'Your token prefers it: it is the role of your group with the smallest precedence.'
  if (typeof preferred === 'string')
    return 'A rule of the identity pool chose it, whatever your token prefers.'
  if (rolesOf(claims).length > 0)
    return 'Your groups have several roles and none is preferred, so the identity pool took its own for signed-in users.'
  return 'No group of yours has a role, so it is the one that the identity pool has for signed-in users, or a rule chose it.'
}

/** What the identity pool tags the session with, as far as this app knows how the pool is set up. */
function tagsOf({ principalTags }: Config, claims: Claims) {
  if (!principalTags) return undefined
  return Object.entries(principalTags).map(([tag, claim]) => {
    const value: unknown = claims[claim]
    return { tag, claim, value: typeof value === 'string' ? value : undefined }
  })
}

/** Folders that the roles of this app differ in; whatever S3 says of them is shown. */
function prefixes(req: Request): string[] {
  const department: unknown = getAuth(req).claims['custom:department']
  const own = typeof department === 'string' ? [`departments/${department}/`] : []
  return [...own, 'departments/', '']
}

async function ask({ s3, bucket }: Config, credentials: CredentialsProvider, prefix: string) {
  const client = new S3Client({ ...s3, credentials })
  try {
    const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
    return { prefix, refused: false, says: `200 OK, ${objects(KeyCount)}` }
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 403) throw error
    return { prefix, refused: true, says: `403 ${error.name}` }
  } finally {
    client.destroy()
  }
}
