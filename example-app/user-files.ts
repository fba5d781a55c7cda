import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { CognitoAuth } from 'passport-cognito-identity'
import type { Config } from './config.ts'

/** One file in a user's folder. */
export interface UserFile {
  name: string
  bytes: number
  changed: Date | undefined
}

export type UserFiles = ReturnType<typeof userFiles>

/**
 * A user's folder in S3. There is no check of our own here: every call is signed with the user's own credentials, and the role
 * behind them lets it touch `private/<identity id>/` alone.
 */
export function userFiles({ s3, bucket }: Config) {
  // Clients are cheap, connections are not: all of them share one pool.
  const { requestHandler } = new S3Client(s3).config
  const client = ({ credentials }: CognitoAuth) => new S3Client({ ...s3, requestHandler, credentials })
  const folder = async ({ credentials }: CognitoAuth) => `private/${(await credentials()).identityId}/`
  const object = async (auth: CognitoAuth, name: string) => ({
    Bucket: bucket,
    Key: (await folder(auth)) + name,
  })

  return {
    bucket,
    folder,
    async list(auth: CognitoAuth): Promise<{ files: UserFile[]; truncated: boolean }> {
      const prefix = await folder(auth)
      const found = await client(auth).send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      const files = (found.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        name: Key.slice(prefix.length),
        bytes: Size,
        changed: LastModified,
      }))
      return { files, truncated: found.IsTruncated === true }
    },
    async put(auth: CognitoAuth, name: string, body: Buffer): Promise<void> {
      await client(auth).send(new PutObjectCommand({ ...(await object(auth, name)), Body: body }))
    },
    async get(auth: CognitoAuth, name: string) {
      return client(auth).send(new GetObjectCommand(await object(auth, name)))
    },
    async remove(auth: CognitoAuth, name: string): Promise<void> {
      await client(auth).send(new DeleteObjectCommand(await object(auth, name)))
    },
    /** Asks S3 for a folder that may be anybody's. Rejects with what S3 says. */
    async listAnywhere(auth: CognitoAuth, prefix: string): Promise<string[]> {
      const found = await client(auth).send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      return (found.Contents ?? []).map(({ Key = '' }) => Key)
    },
    /** Asks S3 for an object that may be anybody's. Rejects with what S3 says. */
    async sizeAnywhere(auth: CognitoAuth, key: string): Promise<number> {
      const { Body, ContentLength = 0 } = await client(auth).send(
        new GetObjectCommand({ Bucket: bucket, Key: key }),
      )
      await Body?.transformToByteArray()
      return ContentLength
    },
  }
}
