import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { bucket, startAwsServer } from './aws-server.ts'
import { credentialsOf, s3Client } from './aws-user.ts'

describe('the storage of the local S3', () => {
  it('ends at 100 MB in total, and deleting makes room again', async () => {
    const server = await startAwsServer()
    try {
      const ana = await credentialsOf(server, 'ana')
      const s3 = s3Client(server, ana)
      const Body = Buffer.alloc(10_000_000)
      const key = (number: number) => ({ Bucket: bucket, Key: `private/${ana.identityId}/${number}` })
      for (let number = 0; number < 10; number += 1)
        await s3.send(new PutObjectCommand({ ...key(number), Body }))
      await s3.send(new PutObjectCommand({ ...key(3), Body }))
      await assert.rejects(s3.send(new PutObjectCommand({ ...key(10), Body: 'x' })), {
        name: 'StorageLimitExceeded',
      })
      await s3.send(new DeleteObjectCommand(key(0)))
      await s3.send(new PutObjectCommand({ ...key(10), Body }))
    } finally {
      await server.close()
    }
  })
})
