import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, beforeEach, describe, mock, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { format } from 'node:util'
import type { LocalCognito } from 'passport-cognito-identity/local'
import { startNamedCognito } from './named-cognito.ts'
import { needsChromium, setStage, type Stage } from './stage.ts'
import type { Visitor } from './visitor.ts'

const fay = { username: 'fay', password: 'Fay-Passw0rd' }
const multipart = 'multipart/form-data; boundary=frontier'
const form = (filename: string, content: string) =>
  [
    '--frontier',
    `Content-Disposition: form-data; name="file"; filename="${filename}"`,
    'Content-Type: text/plain',
    '',
    content,
    '--frontier--',
    '',
  ].join('\r\n')

describe('what goes wrong with files in the example app', needsChromium, () => {
  let cognito: LocalCognito
  let stage: Stage
  let visitor: Visitor
  let headers: Record<string, string>
  const log = mock.method(console, 'error', () => undefined)
  const lines = () => log.mock.calls.map((call) => format(...(call.arguments as unknown[])))

  before(async () => {
    const named = await startNamedCognito([fay])
    cognito = named.cognito
    stage = await setStage(named.env)
    visitor = await stage.visitor()
    await visitor.signIn(fay, '/files')
    const cookies = await visitor.context.cookies(visitor.url)
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    headers = { cookie, origin: visitor.url, accept: 'application/json' }
  })
  after(async () => {
    await stage.close()
    await cognito.close()
    log.mock.restore()
  })
  beforeEach(() => log.mock.resetCalls())

  /** What the app answers to the visitor's session, redirects not followed. */
  async function ask(path: string, type?: string, body?: string) {
    const response = await fetch(visitor.url + path, {
      redirect: 'manual',
      headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { method: 'POST', body }),
    })
    const text = await response.text()
    const { message } = (response.status < 400 ? {} : JSON.parse(text)) as { message?: string }
    return { status: response.status, message }
  }

  test('a bucket that does not exist is a 502 and one line in the log, not a missing file', async () => {
    const says = '<Error><Code>NoSuchBucket</Code><Message>It does\nnot exist</Message></Error>'
    const heal = cognito.fail('GetObject', { status: 404, body: says })
    const answer = await ask('/files/download?name=a.txt')
    heal()
    assert.deepEqual(answer, { status: 502, message: 'S3 answered: NoSuchBucket.' })
    const [line = '', ...more] = lines()
    assert.match(line, /^S3 answered 404 NoSuchBucket to GET \/files\/download: It does not exist \(request/)
    assert.deepEqual(more, [])
  })

  test('a file that does not exist is a 404, and nothing to log', async () => {
    const answer = await ask('/files/download?name=nowhere.txt')
    assert.deepEqual(answer, { status: 404, message: 'There is no such file.' })
    assert.deepEqual(lines(), [])
  })

  test("a refusal of the user's own files is logged in one line, that of somebody else's is not", async () => {
    const says = '<Error><Code>AccessDenied</Code><Message>not authorized</Message></Error>'
    const heal = cognito.fail('ListObjectsV2', { status: 403, body: says })
    const own = await ask('/files')
    heal()
    assert.deepEqual(own, { status: 403, message: 'S3 refused: AccessDenied.' })
    const [line = '', ...more] = lines()
    assert.match(line, /^S3 answered 403 AccessDenied to GET \/files: not authorized \(request [^\n]*\)$/)
    assert.deepEqual(more, [])

    log.mock.resetCalls()
    assert.equal((await ask('/files/look?prefix=private/somebody/')).status, 200)
    assert.deepEqual(lines(), [])
  })

  test('an expired session token is no mistake of the visitor, and does not get into the log', async () => {
    const says = '<Error><Code>ExpiredToken</Code><Message>expired</Message><Token-0>s3cr3t</Token-0></Error>'
    const heal = cognito.fail('GetObject', { status: 400, body: says })
    const answer = await ask('/files/download?name=a.txt')
    heal()
    assert.equal(answer.status, 502)
    assert.match(lines().join('\n'), /^S3 answered 400 ExpiredToken to GET .*: expired \(request/)
    assert.doesNotMatch(lines().join('\n'), /s3cr3t/)
  })

  test('a name that is too long for a key is a 400 with what S3 says', async () => {
    const says = '<Error><Code>KeyTooLongError</Code><Message>Your key is too long</Message></Error>'
    const heal = cognito.fail('GetObject', { status: 400, body: says })
    const answer = await ask(`/files/download?name=${'x'.repeat(1100)}`)
    heal()
    assert.deepEqual(answer, {
      status: 400,
      message: 'S3 answered: KeyTooLongError. Your key is too long',
    })
    assert.deepEqual(lines(), [])
  })

  test('to delete or download a file without naming one is a 400, and nothing is asked of S3', async () => {
    for (const body of ['name=', '', 'name=a&name=b']) {
      assert.equal((await ask('/files/delete', 'application/x-www-form-urlencoded', body)).status, 400, body)
    }
    assert.equal((await ask('/files/download')).status, 400)
    assert.equal(cognito.requests.count('DeleteObject'), 0)
  })

  test('control characters, invisible ones and those that turn the direction of text leave a file name', async () => {
    const name = 'a%0Ab\u200b\u202etxt.exe\u2069\u00ad'
    assert.equal((await ask('/files', multipart, form(name, 'hello'))).status, 303)
    await visitor.go('/files')
    const names = await visitor.page.getByRole('rowheader').allInnerTexts()
    assert.deepEqual(names, ['abtxt.exe'])
    await ask('/files/delete', 'application/x-www-form-urlencoded', 'name=abtxt.exe')
  })

  test('a body that is no form of files is a 400, and nothing to log', async () => {
    const damaged: [type: string, body: string][] = [
      [multipart, form('a.txt', 'hello').replace('--frontier--\r\n', '')],
      [multipart, '--frontier\r\nno header at all\r\n\r\nhello\r\n--frontier--\r\n'],
      [multipart, 'hello'],
      ['multipart/form-data', form('a.txt', 'hello')],
      ['multipart/mixed; boundary=frontier', form('a.txt', 'hello')],
      [multipart, form('a.txt', 'hello').replace('name="file"', 'name="other"')],
    ]
    for (const [type, body] of damaged) {
      const { status } = await ask('/files', type, body)
      assert.equal(status, 400, `${type}\n${body}`)
    }
    assert.deepEqual(lines(), [])
    assert.equal((await ask('/files', multipart, form('a.txt', 'hello'))).status, 303)
  })

  test('a browser that goes in the middle of an upload or a download leaves nothing in the log', async () => {
    const length = 4_900_000
    assert.equal((await ask('/files', multipart, form('large.txt', 'x'.repeat(length)))).status, 303)
    const type = { 'content-type': multipart, 'content-length': 1000 }
    const upload = request(`${visitor.url}/files`, { method: 'POST', headers: { ...headers, ...type } })
    upload.on('error', () => undefined)
    upload.write(form('a.txt', 'hello').slice(0, 150))
    const download = request(`${visitor.url}/files/download?name=large.txt`, { headers }).end()
    const [response] = (await once(download, 'response')) as [IncomingMessage]
    assert.equal(response.statusCode, 200)
    response.on('error', () => undefined)
    upload.destroy()
    download.destroy()
    await setTimeout(500)
    assert.deepEqual(lines(), [])
    assert.equal((await ask('/files')).status, 200)
  })
})
