import type { LocalResponse } from '../../server/http.ts'
import { S3Error } from './s3-error.ts'
import { compareUtf8, type S3Objects, type StoredObject } from './objects.ts'
import type { S3Target } from './request.ts'
import { encodeRfc3986 } from '../uri.ts'
import { element, textElement, xmlResponse } from '../xml.ts'

const maxKeysAtMost = 1000

interface ListRequest {
  prefix: string
  delimiter: string
  maxKeys: number
  startAfter: string
  /** The last entry of the page before, key or common prefix; decoded from the continuation token. */
  after: string | undefined
  continuationToken: string | undefined
  encodeKey: (key: string) => string
  encodingType: string | undefined
}

type Entry = { name: string; object: StoredObject } | { name: string; object?: never }

/** `ListObjectsV2`. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(objects: S3Objects, target: S3Target): LocalResponse {
  const request = readRequest(target.query)
  const entries = entriesOf(objects, request)
  const page = entries.slice(0, request.maxKeys)
  const isTruncated = page.length > 0 && page.length < entries.length
  const last = page.at(-1)
  const content = [
    textElement('Name', target.bucket),
    textElement('Prefix', request.encodeKey(request.prefix)),
    request.delimiter && textElement('Delimiter', request.encodeKey(request.delimiter)),
    request.startAfter && textElement('StartAfter', request.encodeKey(request.startAfter)),
    request.encodingType && textElement('EncodingType', request.encodingType),
    request.continuationToken && textElement('ContinuationToken', request.continuationToken),
    textElement('KeyCount', page.length),
    textElement('MaxKeys', request.maxKeys),
    textElement('IsTruncated', isTruncated),
    isTruncated && last && textElement('NextContinuationToken', encodeToken(last.name)),
    ...page.map((entry) => entryXml(entry, request)),
  ]
  const xml = content.filter((part) => typeof part === 'string').join('')
  return xmlResponse(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${xml}</ListBucketResult>`,
    'application/xml',
  )
}

function readRequest(query: S3Target['query']): ListRequest {
  const value = (name: string) => query.get(name)?.[0]
  const maxKeys = value('max-keys') ?? String(maxKeysAtMost)
  if (!/^\d{1,9}$/.test(maxKeys)) throw invalid('max-keys')
  const continuationToken = value('continuation-token')
  const encodingType = value('encoding-type')
  if (encodingType !== undefined && encodingType !== 'url') throw invalid('encoding-type')
  return {
    prefix: value('prefix') ?? '',
    delimiter: value('delimiter') ?? '',
    maxKeys: Math.min(Number(maxKeys), maxKeysAtMost),
    startAfter: value('start-after') ?? '',
    after: continuationToken === undefined ? undefined : decodeToken(continuationToken),
    continuationToken,
    encodeKey: encodingType ? (key) => key.split('/').map(encodeRfc3986).join('/') : (key) => key,
    encodingType,
  }
}

/** Keys and common prefixes together, in order, since a page counts both. */
function entriesOf(objects: S3Objects, { prefix, delimiter, startAfter, after }: ListRequest): Entry[] {
  const entries: Entry[] = []
  for (const [key, object] of objects.entries()) {
    if (!key.startsWith(prefix) || (startAfter !== '' && compareUtf8(key, startAfter) <= 0)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const entry: Entry = cut < 0 ? { name: key, object } : { name: key.slice(0, cut + delimiter.length) }
    if (after !== undefined && compareUtf8(entry.name, after) <= 0) continue
    if (entry.object || entries.at(-1)?.name !== entry.name) entries.push(entry)
  }
  return entries
}

function entryXml({ name, object }: Entry, { encodeKey }: ListRequest): string {
  if (!object) return element('CommonPrefixes', textElement('Prefix', encodeKey(name)))
  return element(
    'Contents',
    textElement('Key', encodeKey(name)) +
      textElement('LastModified', new Date(object.lastModifiedMs).toISOString()) +
      textElement('ETag', object.etag) +
      textElement('Size', object.body.length) +
      textElement('StorageClass', 'STANDARD'),
  )
}

function encodeToken(name: string): string {
  return Buffer.from(name).toString('base64url')
}

function decodeToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('utf8')
  if (token === '' || encodeToken(name) !== token) throw invalid('continuation-token')
  return name
}

function invalid(parameter: string): S3Error {
  return new S3Error('InvalidArgument', `The ${parameter} provided is incorrect`)
}
