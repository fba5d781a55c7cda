import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { awsClient, type CognitoAuth, getAuth } from 'passport-cognito-identity'
import type { Config } from './config.ts'

/** One file in a user's folder. */
export interface UserFile {
  name: string
  bytes: number
  changed: Date | undefined
}

export type UserFiles = ReturnType<typeof userFiles>

/** A request whose caller was recognised. */
type CallersRequest = { cognito?: CognitoAuth }

/**
 * A user's folder in S3. There is no check of our own here: every call is signed with the user's own credentials, and the role
 * behind them lets it touch `private/<identity id>/` alone.
 */
export function userFiles({ s3, bucket }: Config) {
  const client = (req: CallersRequest) => awsClient(req, S3Client, s3)
  const folder = async (req: CallersRequest) => `private/${await getAuth(req).credentials.identityId()}/`
  const object = async (req: CallersRequest, name: string) => ({
    Bucket: bucket,
    Key: (await folder(req)) + name,
  })

  return {
    bucket,
    folder,
    async list(req: CallersRequest): Promise<{ files: UserFile[]; truncated: boolean }> {
      const prefix = await folder(req)
      const found = await client(req).send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      const files = (found.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        name: Key.slice(prefix.length),
        bytes: Size,
        changed: LastModified,
      }))
      return { files, truncated: found.IsTruncated === true }
    },
    async put(req: CallersRequest, name: string, body: Buffer): Promise<void> {
      await client(req).send(new PutObjectCommand({ ...(await object(req, name)), Body: body }))
    },
    async get(req: CallersRequest, name: string) {
      return client(req).send(new GetObjectCommand(await object(req, name)))
    },
    async remove(req: CallersRequest, name: string): Promise<void> {
      await client(req).send(new DeleteObjectCommand(await object(req, name)))
    },
    /** Asks S3 for a folder that may be anybody's. Rejects with what S3 says. */
    async listAnywhere(req: CallersRequest, prefix: string): Promise<string[]> {
      const found = await client(req).send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))
      return (found.Contents ?? []).map(({ Key = '' }) => Key)
    },
    /** Asks S3 for an object that may be anybody's. Rejects with what S3 says. */
    async sizeAnywhere(req: CallersRequest, key: string): Promise<number> {
      const { Body, ContentLength = 0 } = await client(req).send(
        new GetObjectCommand({ Bucket: bucket, Key: key }),
      )
      await Body?.transformToByteArray()
      return ContentLength
    },
  }
}
