import assert from 'node:assert/strict'
import { request } from 'node:http'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { bucket, startAwsServer, type AwsServer } from './aws-server.ts'
import { tamper } from './aws-tamper.ts'
import { credentialsOf, s3Client, type UserCredentials } from './aws-user.ts'

describe('SigV4 of the local AWS', () => {
  let server: AwsServer
  let ana: UserCredentials

  beforeEach(async () => {
    server = await startAwsServer()
    ana = await credentialsOf(server, 'ana')
  })
  afterEach(() => server.close())

  const list = (config = {}) =>
    s3Client(server, ana, config).send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `private/${ana.identityId}/` }),
    )

  it('credentials end after one hour, whatever clock the caller has', async () => {
    server.clock.advance(3600 + 1)
    await assert.rejects(list(), { name: 'ExpiredToken' })
    await assert.rejects(list({ systemClockOffset: 3_601_000 }), { name: 'ExpiredToken' })
  })

  it('a clock that is 14 minutes off is accepted, 16 minutes are not, in both directions', async () => {
    for (const direction of [1, -1]) {
      await list({ systemClockOffset: direction * 14 * 60_000 })
      await assert.rejects(list({ systemClockOffset: direction * 16 * 60_000 }), {
        name: 'RequestTimeTooSkewed',
      })
    }
  })

  it("the AWS SDK finds the server's time in the answer and tries again with it", async () => {
    server.clock.advance(30 * 60)
    await assert.rejects(list(), { name: 'RequestTimeTooSkewed' })
    await list({ maxAttempts: 2 })
  })

  it('a signature counts for its own request: another key with the same headers is refused', async () => {
    const s3 = s3Client(server, ana)
    const key = (name: string) => ({ Bucket: bucket, Key: `private/${ana.identityId}/${name}` })
    await s3.send(new PutObjectCommand({ ...key('one'), Body: '1' }))
    await s3.send(new PutObjectCommand({ ...key('two'), Body: '2' }))
    const replayed = tamper(s3Client(server, ana), (signed) => {
      signed.path = signed.path.replace('/one', '/two')
    })
    await assert.rejects(replayed.send(new GetObjectCommand(key('one'))), { name: 'SignatureDoesNotMatch' })
  })

  it('host and date must be signed', async () => {
    for (const name of ['host', 'x-amz-date', 'x-amz-security-token']) {
      const client = tamper(s3Client(server, ana), ({ headers }) => {
        headers['authorization'] = headers['authorization']?.replace(`${name};`, '') ?? ''
      })
      const reading = client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `private/${ana.identityId}/` }),
      )
      await assert.rejects(reading, { name: 'AccessDenied' })
    }
  })

  it('a malformed or hostile request gets an S3 error, never a fault of the server', async () => {
    const scope = `Credential=${ana.accessKeyId}/20261120/us-east-1/s3/aws4_request`
    const signature = `Signature=${'0'.repeat(64)}`
    const date = new Date(server.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')
    const today = scope.replace('20261120', date.slice(0, 8))
    const signed = {
      'x-amz-security-token': ana.sessionToken,
      'x-amz-date': date,
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    }
    const names = 'host;x-amz-content-sha256;x-amz-date;x-amz-security-token'
    const rows: [number, string, string, object][] = [
      [400, '/files/x', 'Bearer abc', {}],
      [400, '/files/x', `AWS4-HMAC-SHA256 ${scope}`, {}],
      [400, '/files/x', `AWS4-ECDSA-P256-SHA256 ${scope}, SignedHeaders=${names}, ${signature}`, signed],
      [400, '/files/%ff', `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=${names}, ${signature}`, signed],
      [400, '/files/x?%zz=1', `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=${names}, ${signature}`, signed],
      [
        403,
        '/files/x',
        `AWS4-HMAC-SHA256 ${today}, SignedHeaders=${names};constructor;__proto__, ${signature}`,
        signed,
      ],
      [
        403,
        '/files/x?__proto__=1',
        `AWS4-HMAC-SHA256 ${today}, SignedHeaders=${names}, ${signature}`,
        signed,
      ],
      [
        403,
        '/files/x',
        `AWS4-HMAC-SHA256 ${today}, SignedHeaders=${names}, ${signature}`,
        { ...signed, 'x-amz-date': 'now' },
      ],
      [
        400,
        '/files/x',
        `AWS4-HMAC-SHA256 ${today}, SignedHeaders=${names}, ${signature}`,
        { ...signed, 'x-amz-content-sha256': '' },
      ],
    ]
    for (const [status, path, authorization, headers] of rows) {
      const answer = await rawGet(server, path, { authorization, ...headers })
      assert.equal(answer.status, status, authorization)
      assert.match(answer.body, /<Error><Code>\w+<\/Code><Message>/)
      assert.ok(!answer.body.includes(ana.sessionToken))
    }
  })

  it('a presigned URL is refused with a clear message', async () => {
    const answer = await fetch(`${server.url}/files/x?X-Amz-Signature=00`)
    assert.equal(answer.status, 501)
    assert.match(await answer.text(), /Presigned URLs are not served/)
  })
})

/** A GET whose path reaches the server as written; `fetch` would normalise it. */
function rawGet(server: AwsServer, path: string, headers: object): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { path, headers: { ...headers } }, (res) => {
      let body = ''
      res.setEncoding('utf8')
      res.on('data', (chunk: string) => (body += chunk))
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body }))
    })
    sent.on('error', reject).end()
  })
}
