import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
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
})
