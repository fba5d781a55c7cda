import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import { browse, CookieJar, formOf, signInOnLoginPage } from '../support/login-form.ts'
import { ana, authorizeUrl, callbackURL, sessionCookie, start } from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

const loginUrl = (changes: Record<string, string> = {}) => new URL(authorizeUrl(local, changes, '/login'))

/** Opens the form and sends it with these values. */
async function submit(values: Record<string, string>, jar = new CookieJar(), url = loginUrl()) {
  const { action, fields } = formOf(await (await browse(jar, url)).text(), url)
  for (const [name, value] of Object.entries(values)) fields.set(name, value)
  const response = await browse(jar, action, { method: 'POST', body: fields })
  return { response, page: await response.text(), action, jar }
}

test('the page can run, load and frame nothing, and its form may lead back to the app', async () => {
  const { headers } = await fetch(loginUrl())
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(
    policy,
    /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' http:\/\/localhost:3000;/,
  )
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(headers.get('x-frame-options'), 'DENY')
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(headers.get('referrer-policy'), 'no-referrer')
})

test('its cookies cannot be read by scripts', async () => {
  const { response } = await submit(ana)
  assert.equal(response.status, 302)
  const cookies = response.headers.getSetCookie()
  assert.ok(cookies.some((cookie) => /^cognito-\d+=[\w-]{43}; .*Max-Age=3600/.test(cookie)))
  assert.ok(cookies.every((cookie) => /; HttpOnly; SameSite=Lax/.test(cookie)))
})

const attack = `"><script>alert('1')</script>`
test('nothing that the page reflects can leave its place', async () => {
  const hostile = { state: attack, nonce: attack, login_hint: attack, lang: attack }
  const shown = await (
    await fetch(`${loginUrl(hostile).href}&${encodeURIComponent(attack)}=${encodeURIComponent(attack)}`)
  ).text()
  const refused = await submit({ username: attack, password: attack }, new CookieJar(), loginUrl(hostile))
  const pages = [shown, refused.page]
  for (const path of [
    `/error?error=${encodeURIComponent(attack)}`,
    `/logout?client_id=${encodeURIComponent(attack)}`,
  ]) {
    pages.push(await (await fetch(local.url + path)).text())
  }
  for (const page of pages) {
    assert.doesNotMatch(page, /<script|alert\('/)
    assert.match(page, /<!doctype html>/)
  }
  assert.match(shown, /value="&#34;&#62;&#60;script&#62;/)
})

test('a cookie that this server did not make is not reflected', async () => {
  const page = await (await fetch(loginUrl(), { headers: { cookie: `XSRF-TOKEN=${attack}` } })).text()
  assert.doesNotMatch(page, /alert/)
})

for (const [what, change] of [
  ['without its token', (fields: URLSearchParams) => fields.delete('csrf')],
  ['with another token', (fields: URLSearchParams) => fields.set('csrf', 'A'.repeat(43))],
] as const) {
  test(`a form ${what} is refused`, async () => {
    const jar = new CookieJar()
    const { action, fields } = formOf(await (await browse(jar, loginUrl())).text(), loginUrl())
    fields.set('username', ana.username)
    fields.set('password', ana.password)
    change(fields)
    const response = await browse(jar, action, { method: 'POST', body: fields })
    assert.equal(response.status, 403)
    assert.equal(jar.get(loginUrl(), sessionCookie(local)), undefined)
  })
}

test('a form from a browser without the cookie is refused', async () => {
  const { action, fields } = formOf(await (await fetch(loginUrl())).text(), loginUrl())
  fields.set('username', ana.username)
  fields.set('password', ana.password)
  assert.equal((await fetch(action, { method: 'POST', body: fields, redirect: 'manual' })).status, 403)
})

test('two tabs with a form each both work', async () => {
  const jar = new CookieJar()
  const one = formOf(await (await browse(jar, loginUrl({ state: 'one' }))).text(), loginUrl())
  const other = formOf(await (await browse(jar, loginUrl({ state: 'other' }))).text(), loginUrl())
  for (const [tab, state] of [
    [one, 'one'],
    [other, 'other'],
  ] as const) {
    tab.fields.set('username', ana.username)
    tab.fields.set('password', ana.password)
    const response = await browse(jar, tab.action, { method: 'POST', body: tab.fields })
    assert.equal(new URL(response.headers.get('location') ?? '').searchParams.get('state'), state)
  }
})

for (const [who, user, message] of [
  ['a wrong password', { username: 'ana', password: 'wrong' }, 'Incorrect username or password.'],
  ['an unknown user', { username: 'nobody', password: 'Passw0rd!' }, 'Incorrect username or password.'],
  ['no password', { username: 'ana', password: '' }, 'Incorrect username or password.'],
  ['a name from the prototype', { username: '__proto__', password: 'x' }, 'Incorrect username or password.'],
  ['a disabled user', { username: 'cy', password: 'Passw0rd!' }, 'User is disabled.'],
] as const) {
  test(`${who} is told so in an alert, and no password comes back`, async () => {
    const { response, page } = await submit(user)
    assert.equal(response.status, 200)
    assert.match(page, new RegExp(`role="alert">${message}<`))
    assert.doesNotMatch(page, /type="password"[^>]*value=/)
  })
}

test('the authorization request is checked again when the form is sent', async () => {
  const jar = new CookieJar()
  const { fields } = formOf(await (await browse(jar, loginUrl())).text(), loginUrl())
  fields.set('username', ana.username)
  fields.set('password', ana.password)
  const changed = loginUrl({ redirect_uri: 'https://evil.example/' })
  const response = await browse(jar, changed, { method: 'POST', body: fields })
  assert.match(response.headers.get('location') ?? '', /^\/error\?error=redirect_mismatch/)
})

test('login_hint fills in the name', async () => {
  const { fields } = formOf(await (await fetch(loginUrl({ login_hint: 'ana' }))).text(), loginUrl())
  assert.equal(fields.get('username'), 'ana')
})

const bo = { username: 'bo', password: 'Temp0rary!' }
for (const [newPassword, repeated, message] of [
  ['Sh0rt!', 'Sh0rt!', 'Password not long enough'],
  ['PASSW0RD!', 'PASSW0RD!', 'Password must have lowercase characters'],
  ['passw0rd!', 'passw0rd!', 'Password must have uppercase characters'],
  ['Password!', 'Password!', 'Password must have numeric characters'],
  ['Passw0rdd', 'Passw0rdd', 'Password must have symbol characters'],
  ['Passw0rd!', 'Passw0rd?', 'The two passwords are not the same.'],
] as const) {
  test(`a new password is refused with "${message}" and may be corrected`, async () => {
    const { page, action, jar } = await submit(bo)
    const { fields } = formOf(page, action)
    assert.doesNotMatch(page, /Temp0rary/)
    fields.set('new_password', newPassword)
    fields.set('confirm_password', repeated)
    const answer = await (await browse(jar, action, { method: 'POST', body: fields })).text()
    assert.match(answer, new RegExp(`role="alert">[^<]*${message.replace('.', '\\.')}<`))
    assert.ok(formOf(answer, action).fields.get('step'))
  })
}

test('a step that took more than three minutes starts again', async () => {
  const { page, action, jar } = await submit(bo)
  const { fields } = formOf(page, action)
  local.clock.advance(181)
  fields.set('new_password', 'Passw0rd!')
  fields.set('confirm_password', 'Passw0rd!')
  const answer = await browse(jar, action, { method: 'POST', body: fields })
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /took too long/)
})

test('a step that was left open is worth nothing once the user has a password', async () => {
  const own = await start()
  try {
    const url = new URL(authorizeUrl(own, {}, '/login'))
    const [left, done] = [await submit(bo, new CookieJar(), url), await submit(bo, new CookieJar(), url)]
    const answer = async ({ page, action, jar }: typeof left, password: string) => {
      const { fields } = formOf(page, action)
      fields.set('new_password', password)
      fields.set('confirm_password', password)
      return browse(jar, action, { method: 'POST', body: fields })
    }
    assert.equal((await answer(done, 'My-0wn-pass')).status, 302)
    const late = await answer(left, 'An0ther-pass')
    assert.equal(late.status, 200)
    assert.match(await late.text(), /role="alert">Invalid session for the user\.</)
    const again = await submit({ username: 'bo', password: 'My-0wn-pass' }, new CookieJar(), url)
    assert.equal(again.response.status, 302)
  } finally {
    await own.close()
  }
})

test('one browser may be signed in on two servers of one host', async (t) => {
  const other = await start()
  t.after(() => other.close())
  const jar = new CookieJar()
  await signInOnLoginPage(authorizeUrl(local), ana, jar)
  await signInOnLoginPage(authorizeUrl(other), ana, jar)
  for (const server of [local, other]) {
    const response = await browse(jar, new URL(authorizeUrl(server, { prompt: 'none' })))
    assert.ok(new URL(response.headers.get('location') ?? '').searchParams.get('code'))
  }
})

test('a temporary password is exchanged for one of the user’s own, which then holds', async () => {
  const own = { username: 'bo', password: 'Temp0rary!', newPassword: 'My-0wn-pass' }
  const callback = await signInOnLoginPage(authorizeUrl(local), own)
  assert.equal(callback.origin + callback.pathname, callbackURL)
  assert.ok(callback.searchParams.get('code'))
  assert.match((await submit(bo)).page, /Incorrect username or password/)
  const again = await submit({ username: 'bo', password: 'My-0wn-pass' })
  assert.equal(again.response.status, 302)
})
