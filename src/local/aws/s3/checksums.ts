import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { S3Error } from './s3-error.ts'

const hash = (algorithm: string) => (body: Buffer) => createHash(algorithm).update(body).digest('base64')

const served: Record<string, (body: Buffer) => string> = {
  'content-md5': hash('md5'),
  'x-amz-checksum-crc32': (body) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(crc32(body))
    return bytes.toString('base64')
  },
  'x-amz-checksum-sha1': hash('sha1'),
  'x-amz-checksum-sha256': hash('sha256'),
}

const notChecksums = ['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm']

/**
 * Checks every checksum that came with a body, and returns those that S3 keeps and gives back.
 * Throws `BadDigest` for a wrong one, `NotImplemented` for an algorithm that cannot be checked here.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function checkChecksums(headers: Record<string, string>, body: Buffer): Record<string, string> {
  const sent = Object.entries(headers).filter(
    ([name]) =>
      name === 'content-md5' || (name.startsWith('x-amz-checksum-') && !notChecksums.includes(name)),
  )
  for (const [name, value] of sent) {
    const compute = Object.hasOwn(served, name) ? served[name] : undefined
    if (!compute) throw new S3Error('NotImplemented', `The local S3 does not check ${name}.`)
    if (compute(body) !== value)
      throw new S3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`)
  }
  return Object.fromEntries(sent.filter(([name]) => name !== 'content-md5'))
}
