import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { bucket, startAwsServer, type AwsServer } from './aws-server.ts'
import { credentialsOf, s3Client } from './aws-user.ts'

describe('ListObjectsV2 of the local S3', { timeout: 30_000 }, () => {
  let server: AwsServer
  let s3: S3Client
  let Prefix: string
  // In the order of UTF-8 bytes: the full-width tilde comes before the emoji, in UTF-16 it would not.
  const names = ['a/1', 'a/2', 'b', 'c/1', 'c/2/3', 'd & <e>', 'z', '～', '🔑']

  before(async () => {
    server = await startAwsServer()
    const ana = await credentialsOf(server, 'ana')
    s3 = s3Client(server, ana)
    Prefix = `private/${ana.identityId}/`
    for (const name of [...names].reverse())
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: Prefix + name, Body: name }))
  })
  after(() => server.close())

  const list = async (input: object) => {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, ...input }))
    return { ...page, names: (page.Contents ?? []).map((object) => object.Key?.slice(Prefix.length)) }
  }

  it('keys come in the order of their UTF-8 bytes, with size, time and entity tag', async () => {
    const page = await list({})
    assert.deepEqual(page.names, names)
    assert.equal(page.KeyCount, names.length)
    assert.equal(page.IsTruncated, false)
    assert.equal(page.Contents?.[5]?.Size, 'd & <e>'.length)
    assert.match(page.Contents?.[5]?.ETag ?? '', /^"[0-9a-f]{32}"$/)
    assert.ok(page.Contents?.[5]?.LastModified instanceof Date)
  })

  it('pages of every size give every key once', async () => {
    for (let MaxKeys = 1; MaxKeys <= names.length + 1; MaxKeys += 1) {
      const seen: (string | undefined)[] = []
      let ContinuationToken: string | undefined
      do {
        const page = await list({ MaxKeys, ContinuationToken })
        assert.ok(page.names.length <= MaxKeys)
        seen.push(...page.names)
        ContinuationToken = page.NextContinuationToken
      } while (ContinuationToken !== undefined && seen.length <= names.length)
      assert.deepEqual(seen, names)
    }
  })

  it('a delimiter folds keys into common prefixes, also across pages', async () => {
    const folded: string[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await list({ Delimiter: '/', MaxKeys: 2, ContinuationToken })
      assert.ok((page.KeyCount ?? 0) <= 2)
      folded.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix: common = '' }) => common.slice(Prefix.length)),
      )
      ContinuationToken = page.NextContinuationToken
    } while (ContinuationToken !== undefined && folded.length <= names.length)
    assert.deepEqual(folded, ['a/', 'c/'])
    const all = await list({ Delimiter: '/' })
    assert.deepEqual(all.names, ['b', 'd & <e>', 'z', '～', '🔑'])
  })

  it('a longer prefix and StartAfter narrow the list', async () => {
    assert.deepEqual((await list({ Prefix: `${Prefix}c/` })).names, ['c/1', 'c/2/3'])
    assert.deepEqual((await list({ StartAfter: `${Prefix}d & <e>` })).names, ['z', '～', '🔑'])
  })

  it('no keys are given for MaxKeys 0, and a made-up continuation token is refused', async () => {
    const page = await list({ MaxKeys: 0 })
    assert.deepEqual([page.KeyCount, page.IsTruncated, page.names], [0, false, []])
    await assert.rejects(list({ ContinuationToken: '***' }), { name: 'InvalidArgument' })
  })
})
