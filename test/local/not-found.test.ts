import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import { start } from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

for (const path of [
  '/oauth2/userinfo',
  '/oauth2/',
  '/oauth2/introspect?x=1',
  '/.well-known/openid-configuration',
  '/us-east-1_Other0001/.well-known/openid-configuration',
  '/us-east-1_Local0001/.well-known/oauth-authorization-server',
]) {
  test(`${path} is not found, in a sentence that says where to look`, async () => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(local.url + path, { method })
      assert.equal(response.status, 404)
      assert.match(response.headers.get('content-type') ?? '', /^text\/plain/)
      const discovery = `${local.url}/us-east-1_Local0001/.well-known/openid-configuration`
      assert.ok((await response.text()).includes(discovery))
    }
  })
}

test('a key in the bucket may hold the same names', async () => {
  const response = await fetch(`${local.url}/${local.s3.bucket}/a/.well-known/b`)
  assert.equal(response.status, 403)
  assert.match(await response.text(), /<Code>AccessDenied<\/Code>/)
})

test('a browser at / gets a page that says what this is, with links that work', async () => {
  const response = await fetch(local.url, {
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  const page = await response.text()
  assert.match(page, /<h1>Local Cognito<\/h1>/)
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)
  assert.ok(links.some((link) => link.endsWith('/.well-known/openid-configuration')))
  for (const link of links) assert.equal((await fetch(new URL(link, local.url))).status, 200)
})

test('whoever is no browser gets the answer of S3 at /', async () => {
  const response = await fetch(local.url, { headers: { accept: '*/*' } })
  assert.equal(response.status, 403)
  assert.match(await response.text(), /<Error>/)
})

test('HEAD on the discovery document and the keys answers like GET, without a body', async () => {
  for (const name of ['openid-configuration', 'jwks.json']) {
    const url = `${local.url}/us-east-1_Local0001/.well-known/${name}`
    const response = await fetch(url, { method: 'HEAD' })
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(await response.text(), '')
  }
})
