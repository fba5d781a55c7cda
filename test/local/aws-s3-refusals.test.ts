import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { bucket, startAwsServer, type AwsServer } from './aws-server.ts'
import { tamper } from './aws-tamper.ts'
import { credentialsOf, s3Client, type UserCredentials } from './aws-user.ts'

const refused =
  (name: string, status: number) => (error: { name: string; $metadata: { httpStatusCode: number } }) => {
    assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status])
    return true
  }

describe('what the local S3 refuses', () => {
  let server: AwsServer
  let ana: UserCredentials
  let ben: UserCredentials
  let s3: S3Client
  let target: { Bucket: string; Key: string }

  before(async () => {
    server = await startAwsServer()
  })
  after(() => server.close())
  beforeEach(async () => {
    ana = await credentialsOf(server, 'ana')
    ben = await credentialsOf(server, 'ben')
    s3 = s3Client(server, ana)
    target = { Bucket: bucket, Key: `private/${ana.identityId}/note.txt` }
    await s3.send(new PutObjectCommand({ ...target, Body: 'note of ana' }))
  })
  const as = (changes: Partial<UserCredentials>) => s3Client(server, { ...ana, ...changes })
  const read = async (client = s3) =>
    (await client.send(new GetObjectCommand(target))).Body?.transformToString()

  it("another identity's objects: read, written, deleted or listed by nobody else", async () => {
    const stranger = s3Client(server, ben)
    const denied = refused('AccessDenied', 403)
    await assert.rejects(read(stranger), denied)
    await assert.rejects(
      stranger.send(new HeadObjectCommand(target)),
      (error: { $metadata: { httpStatusCode: number } }) => {
        assert.equal(error.$metadata.httpStatusCode, 403)
        return true
      },
    )
    await assert.rejects(stranger.send(new PutObjectCommand({ ...target, Body: 'x' })), denied)
    await assert.rejects(stranger.send(new DeleteObjectCommand(target)), denied)
    for (const Prefix of [
      undefined,
      '',
      'private/',
      `private/${ana.identityId}/`,
      `private/${ben.identityId}`,
      `private/${ben.identityId}x/`,
      `x/private/${ben.identityId}/`,
    ])
      await assert.rejects(stranger.send(new ListObjectsV2Command({ Bucket: bucket, Prefix })), denied)
    const own = await stranger.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `private/${ben.identityId}/` }),
    )
    assert.equal(own.KeyCount, 0)
    assert.equal(await read(), 'note of ana')
  })

  it("a key that climbs with '..' out of the own prefix reaches no other object", async () => {
    const Key = `private/${ben.identityId}/../${ana.identityId}/note.txt`
    const climbing = s3Client(server, ben).send(new GetObjectCommand({ Bucket: bucket, Key }))
    await assert.rejects(climbing, refused('NoSuchKey', 404))
    const reverse = s3.send(new GetObjectCommand({ Bucket: bucket, Key: `private/../${target.Key}` }))
    await assert.rejects(reverse, refused('AccessDenied', 403))
  })

  it("two users' objects of the same name stay apart", async () => {
    const other = s3Client(server, ben)
    const Key = `private/${ben.identityId}/note.txt`
    await other.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'note of ben' }))
    assert.equal(await read(), 'note of ana')
    assert.notEqual(ana.identityId, ben.identityId)
  })

  it('a wrong secret', async () => {
    await assert.rejects(
      read(as({ secretAccessKey: ben.secretAccessKey })),
      refused('SignatureDoesNotMatch', 403),
    )
  })

  it("a missing session token, and another credential's", async () => {
    await assert.rejects(read(as({ sessionToken: '' })), refused('InvalidAccessKeyId', 403))
    await assert.rejects(read(as({ sessionToken: ben.sessionToken })), refused('InvalidToken', 400))
  })

  it('an access key that was never issued', async () => {
    await assert.rejects(
      read(as({ accessKeyId: 'ASIA0LOCAL0AAAAAAAAA' })),
      refused('InvalidAccessKeyId', 403),
    )
  })

  it('a request without any signature', async () => {
    const answer = await fetch(`${server.url}/${bucket}/${target.Key}`)
    assert.equal(answer.status, 403)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/xml/)
    assert.match(await answer.text(), /<Code>AccessDenied<\/Code>/)
  })

  it('a request signed for another region or another service', async () => {
    const elsewhere = s3Client(server, ana, { region: 'eu-west-1' })
    await assert.rejects(read(elsewhere), refused('AuthorizationHeaderMalformed', 400))
  })

  it('anything changed after signing: body, path, query, headers', async () => {
    const put = (client: S3Client) => client.send(new PutObjectCommand({ ...target, Body: 'note of ana' }))
    const mismatch = refused('SignatureDoesNotMatch', 403)
    const body = tamper(as({}), (request) => (request.body = 'note of eve'))
    await assert.rejects(put(body), refused('XAmzContentSHA256Mismatch', 400))
    await assert.rejects(put(tamper(as({}), (request) => (request.path += '2'))), mismatch)
    await assert.rejects(put(tamper(as({}), (request) => (request.query['x-id'] = 'CopyObject'))), mismatch)
    await assert.rejects(
      put(tamper(as({}), (request) => (request.headers['content-type'] = 'text/html'))),
      mismatch,
    )
    await assert.rejects(
      put(tamper(as({}), (request) => (request.headers['x-amz-meta-role'] = 'admin'))),
      refused('AccessDenied', 403),
    )
    assert.equal(await read(), 'note of ana')
  })

  it('a streamed body whose checksum does not fit', async () => {
    const changed = tamper(
      as({}),
      (request) => (request.body = '2\r\nho\r\n0\r\nx-amz-checksum-crc32:2JMqrA==\r\n\r\n'),
    )
    const put = (client: S3Client) =>
      client.send(
        new PutObjectCommand({ ...target, Body: Readable.from([Buffer.from('hi')]), ContentLength: 2 }),
      )
    await assert.rejects(put(changed), refused('BadDigest', 400))
    const cut = tamper(as({}), (request) => (request.body = '2\r\nhi\r\n'))
    await assert.rejects(put(cut), refused('IncompleteBody', 400))
    const shorter = tamper(
      as({}),
      (request) => (request.body = '1\r\nh\r\n0\r\nx-amz-checksum-crc32:8nGF0w==\r\n\r\n'),
    )
    await assert.rejects(put(shorter), refused('IncompleteBody', 400))
    const unframed = tamper(
      as({}),
      (request) => (request.body = '2\r\nhi--0\r\nx-amz-checksum-crc32:2JMqrA==\r\n\r\n'),
    )
    await assert.rejects(put(unframed), refused('IncompleteBody', 400))
    const bare = tamper(as({}), (request) => (request.body = '2\r\nhi\r\n0\r\n\r\n'))
    await assert.rejects(put(bare), refused('IncompleteBody', 400))
    await put(as({}))
    assert.equal(await read(), 'hi')
  })

  it('another bucket, and operations that it does not serve', async () => {
    await assert.rejects(
      s3.send(new GetObjectCommand({ ...target, Bucket: 'other' })),
      refused('NoSuchBucket', 404),
    )
    const notImplemented = refused('NotImplemented', 501)
    await assert.rejects(s3.send(new ListBucketsCommand({})), notImplemented)
    await assert.rejects(s3.send(new GetObjectAclCommand(target)), notImplemented)
    const CopySource = `${bucket}/private/${ben.identityId}/note.txt`
    await assert.rejects(s3.send(new CopyObjectCommand({ ...target, CopySource })), notImplemented)
    await assert.rejects(s3.send(new PutObjectCommand({ ...target, IfNoneMatch: '*' })), notImplemented)
    assert.equal(await read(), 'note of ana')
  })

  it('an object over 10 MB, a key over 1024 bytes, metadata over 2 kB', async () => {
    const put = (changes: object) => s3.send(new PutObjectCommand({ ...target, Body: 'x', ...changes }))
    await assert.rejects(put({ Body: Buffer.alloc(10_000_001) }), refused('EntityTooLarge', 400))
    await assert.rejects(put({ Key: target.Key + 'é'.repeat(500) }), refused('KeyTooLongError', 400))
    await assert.rejects(put({ Metadata: { long: 'x'.repeat(2048) } }), refused('MetadataTooLarge', 400))
  })
})
