import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { needsChromium, setStage, type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const row = (visitor: Visitor, name: string) =>
  visitor.page.getByRole('row').filter({ has: visitor.page.getByRole('rowheader', { name, exact: true }) })

async function upload({ page }: Visitor, name: string, content: string): Promise<void> {
  await page
    .getByLabel('Add a file')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
  await page.getByRole('button', { name: 'Upload' }).click()
  await page
    .getByRole('status')
    .filter({ hasText: `Uploaded ${name}.` })
    .waitFor()
}

/** The path of the visitor's folder, as their page shows it. */
async function folder({ page }: Visitor): Promise<string> {
  const path = await page.locator('.lead code').innerText()
  return path.slice(path.indexOf('private/'))
}

/** What S3 says, as the page repeats it. */
async function ask({ page }: Visitor, field: string, value: string): Promise<string> {
  await page.getByLabel(field).fill(value)
  await page.getByLabel(field).press('Enter')
  await page.waitForURL('**/files/look?**')
  return page.locator('#answer').innerText()
}

describe('files in the example app', needsChromium, () => {
  let stage: Stage
  before(async () => (stage = await setStage()))
  after(() => stage.close())

  test('ana uploads a file, sees it in the list, downloads what she uploaded, and deletes it', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'), '/files')
    await ana.page.getByText('No files yet').waitFor()
    const name = 'Größe <b>&"☃\'.txt'
    await upload(ana, name, 'Guten Tag, ☃')
    assert.equal(await row(ana, name).getByRole('cell').first().innerText(), '14 bytes')

    const started = ana.page.waitForEvent('download')
    await row(ana, name).getByRole('link', { name: 'Download' }).click()
    const download = await started
    assert.equal(await readFile(await download.path(), 'utf8'), 'Guten Tag, ☃')

    await row(ana, name).getByRole('button', { name: 'Delete' }).click()
    await ana.page
      .getByRole('status')
      .filter({ hasText: `Deleted ${name}.` })
      .waitFor()
    await ana.page.getByText('No files yet').waitFor()
    await ana.leave()
  })

  test("ben does not see ana's files, and S3 refuses him her folder and her file", async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'), '/files')
    await upload(ana, 'diary.txt', 'dear diary')
    const anas = await folder(ana)
    assert.match(await ask(ana, 'Open a file', `${anas}diary.txt`), /S3 says: 200 OK, 10 bytes/)

    const ben = await stage.visitor()
    await ben.signIn(user('ben'), '/files')
    await ben.page.getByText('No files yet').waitFor()
    assert.notEqual(await folder(ben), anas)
    const listed = await ask(ben, 'List a folder', anas)
    assert.match(listed, /S3 says: 403 AccessDenied/)
    assert.match(listed, /is not authorized to perform: s3:ListBucket/)
    const opened = await ask(ben, 'Open a file', `${anas}diary.txt`)
    assert.match(opened, /S3 says: 403 AccessDenied/)
    assert.match(opened, /is not authorized to perform: s3:GetObject/)
    assert.doesNotMatch(await ben.page.locator('main').innerText(), /dear diary/)
    assert.match(await ask(ben, 'List a folder', ''), /S3 says: 403 AccessDenied/)
    await ana.leave()
    await ben.leave()
  })

  test('a file that is gone is a 404 page, and one that is too large a 413 page', async () => {
    const ben = await stage.visitor()
    await ben.signIn(user('ben'), '/files')
    await ben.go('/files/download?name=nowhere.txt')
    assert.equal(await ben.heading, 'Not found')
    await ben.go('/files')
    const buffer = Buffer.alloc(5_000_001)
    await ben.page.getByLabel('Add a file').setInputFiles({ name: 'big.bin', mimeType: 'text/plain', buffer })
    await ben.page.getByRole('button', { name: 'Upload' }).click()
    await ben.page.getByRole('heading', { name: 'Too large' }).waitFor()
    await ben.leave({ refusals: ['404 /files/download', '413 /files'] })
  })

  test('a page of another site can neither delete a file nor sign the visitor out', async () => {
    const ana = await stage.visitor()
    await ana.signIn(user('ana'), '/files')
    await upload(ana, 'keep.txt', 'keep me')
    for (const path of ['/files/delete', '/logout']) {
      // Another port of the same host name: its requests carry the cookie.
      await ana.page.route('http://localhost:9/**', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<form method="post" action="${ana.url}${path}"><input name="name" value="keep.txt"><button>Win</button></form>`,
        }),
      )
      await ana.page.goto('http://localhost:9/')
      await ana.page.getByRole('button', { name: 'Win' }).click()
      await ana.page.getByRole('heading', { name: 'Not allowed' }).waitFor()
    }
    await ana.go('/files')
    assert.equal(await row(ana, 'keep.txt').count(), 1)
    await ana.leave({ refusals: ['403 /files/delete', '403 /logout'] })
  })
})
