import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { bucket, startAwsServer, type AwsServer } from './aws-server.ts'
import { credentialsOf, s3Client, type UserCredentials } from './aws-user.ts'

describe('the local S3', () => {
  let server: AwsServer
  let ana: UserCredentials
  let s3: S3Client
  const own = (name: string) => `private/${ana.identityId}/${name}`

  before(async () => {
    server = await startAwsServer()
    ana = await credentialsOf(server, 'ana')
    s3 = s3Client(server, ana)
  })
  after(() => server.close())

  const oddNames = [
    'plain.txt',
    'with space and + plus.txt',
    'Grüße/日本語/🔑.txt',
    '100%25 %2F percent.txt',
    '../../escape/./x//y.txt',
    `quotes '"<&>()!*~.txt`,
    'control\u0001\r\n.txt',
    '__proto__',
    'trailing/',
  ]
  for (const name of oddNames) {
    it(`an object named ${JSON.stringify(name)} is stored, listed, read and deleted`, async () => {
      const Key = own(name)
      const target = { Bucket: bucket, Key }
      await s3.send(new PutObjectCommand({ ...target, Body: `content of ${name}` }))
      const listed = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: own(''), EncodingType: 'url' }),
      )
      assert.deepEqual(
        listed.Contents?.map((object) => decodeURIComponent(object.Key ?? '')),
        [Key],
      )
      const read = await s3.send(new GetObjectCommand(target))
      assert.equal(await read.Body?.transformToString(), `content of ${name}`)
      await s3.send(new DeleteObjectCommand(target))
      await assert.rejects(s3.send(new GetObjectCommand(target)), { name: 'NoSuchKey' })
    })
  }

  const bodies: [string, () => { Body: Buffer | string | Readable; ContentLength?: number }][] = [
    ['a string', () => ({ Body: 'héllo' })],
    ['a Buffer', () => ({ Body: Buffer.from('héllo') })],
    ['a stream', () => ({ Body: Readable.from([Buffer.from('hé'), Buffer.from('llo')]), ContentLength: 6 })],
    ['nothing', () => ({ Body: '' })],
  ]
  for (const [kind, body] of bodies) {
    it(`a body that is ${kind} arrives whole, with its headers and metadata`, async () => {
      const target = { Bucket: bucket, Key: own('body') }
      const input = {
        ...target,
        ...body(),
        ContentType: 'text/plain; charset=utf-8',
        Metadata: { colour: 'blue' },
      }
      const { ETag } = await s3.send(new PutObjectCommand(input))
      const head = await s3.send(new HeadObjectCommand(target))
      const read = await s3.send(new GetObjectCommand(target))
      const text = (await read.Body?.transformToString()) ?? ''
      assert.equal(text, kind === 'nothing' ? '' : 'héllo')
      for (const answer of [head, read]) {
        assert.equal(answer.ContentLength, Buffer.byteLength(text))
        assert.equal(answer.ContentType, 'text/plain; charset=utf-8')
        assert.equal(answer.ContentEncoding, undefined)
        assert.equal(answer.ETag, ETag)
        assert.deepEqual(answer.Metadata, { colour: 'blue' })
        assert.ok(Math.abs((answer.LastModified?.getTime() ?? 0) - server.clock.now()) < 5000)
      }
    })
  }

  it('a range of bytes is read alone, and one behind the end is refused', async () => {
    const target = { Bucket: bucket, Key: own('range') }
    await s3.send(new PutObjectCommand({ ...target, Body: '0123456789' }))
    const rows: [string, string, string | undefined][] = [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-2', '89', 'bytes 8-9/10'],
      ['bytes=8-99', '89', 'bytes 8-9/10'],
      ['bytes=4-2', '0123456789', undefined],
    ]
    for (const [Range, text, contentRange] of rows) {
      const answer = await s3.send(new GetObjectCommand({ ...target, Range }))
      assert.equal(await answer.Body?.transformToString(), text)
      assert.equal(answer.ContentRange, contentRange)
    }
    for (const Range of ['bytes=10-', 'bytes=-0'])
      await assert.rejects(s3.send(new GetObjectCommand({ ...target, Range })), { name: 'InvalidRange' })
  })

  it('an uploaded page comes back as it was, with headers that keep a browser from running it', async () => {
    const target = { Bucket: bucket, Key: own('page.html') }
    const Body = '<script>alert(1)</script>'
    await s3.send(new PutObjectCommand({ ...target, Body, ContentType: 'text/html' }))
    let headers: Record<string, string> = {}
    const watching = s3Client(server, ana)
    watching.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        headers = (result.response as { headers: Record<string, string> }).headers
        return result
      },
      { step: 'deserialize', priority: 'low' },
    )
    const answer = await watching.send(new GetObjectCommand(target))
    assert.equal(await answer.Body?.transformToString(), Body)
    assert.equal(headers['content-type'], 'text/html')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox")
    assert.equal(headers['x-local-cognito'], 'true')
    // The SDK checks the content against this.
    assert.match(headers['x-amz-checksum-crc32'] ?? '', /^[\w+/]{6}==$/)
  })
})
