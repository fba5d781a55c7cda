/** The example app's pages about identities: a guest who signs in, and the role that AWS sees. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Example, startExample } from '../../example-app/start.ts'
import { startNamedCognito } from '../browser/named-cognito.ts'
import { signInOnLoginPage } from '../support/login-form.ts'
import { FormBrowser } from './form-browser.ts'

const text = async (page: Response) => {
  assert.equal(page.status, 200)
  return page.text()
}
const identityOn = (page: string) => /id="identity">([^<]+)</.exec(page)?.[1]
const arnOn = (page: string) => /id="arn">([^<]+)</.exec(page)?.[1]

/** Through the managed login. */
async function signIn(browser: FormBrowser, username: string, password: string): Promise<void> {
  const login = await browser.open('/login')
  const authorize = login.headers.get('location') ?? ''
  const callback = await signInOnLoginPage(authorize, { username, password }, browser.jar)
  assert.equal((await browser.open(callback.pathname + callback.search)).status, 303)
}

describe('guests of the example app', () => {
  let example: Example
  before(async () => (example = await startExample({ PORT: '0', COGNITO_LOCAL_PORT: '0' })))
  after(() => example.close())
  const browser = () => new FormBrowser(example.url)

  async function asGuest(visitor = browser()) {
    assert.equal((await visitor.submit('/guest', {})).headers.get('location'), '/guest')
    const page = await text(await visitor.open('/guest'))
    return { visitor, page, identityId: identityOn(page) ?? '' }
  }

  test('nobody is a guest before they ask to be one', async () => {
    const visitor = browser()
    const page = await text(await visitor.open('/guest'))
    assert.equal(identityOn(page), undefined)
    assert.equal(visitor.jar.header(new URL(example.url)), '')
  })

  test('a guest keeps their identity, sees what is public and is refused the rest', async () => {
    const { visitor, page, identityId } = await asGuest()
    assert.match(identityId, /^us-east-1:[\w-]{36}$/)
    assert.match(page, /200 OK, 2 objects[^]*public\/opening-hours\.txt/)
    assert.match(page, /403 AccessDenied[^]*local-unauthenticated[^]*s3:ListBucket/)
    assert.equal(identityOn(await text(await visitor.open('/guest'))), identityId)
    assert.equal((await asGuest(visitor)).identityId, identityId)
  })

  test('two visitors are two guests', async () => {
    assert.notEqual((await asGuest()).identityId, (await asGuest()).identityId)
  })

  test('who asks to be forgotten is somebody new the next time', async () => {
    const { visitor, identityId } = await asGuest()
    await visitor.submit('/guest/forget', {})
    assert.equal(identityOn(await text(await visitor.open('/guest'))), undefined)
    assert.notEqual((await asGuest(visitor)).identityId, identityId)
  })

  test("a guest who signs in at the managed login keeps the identity, and it is nobody else's", async () => {
    const { visitor, identityId } = await asGuest()
    await signIn(visitor, 'ben', 'Ben-Passw0rd')
    const page = await text(await visitor.open('/guest'))
    assert.equal(identityOn(page), identityId)
    assert.match(page, /It is the same one/)

    // Ben has an identity now: the guest that he is in another browser does not take its place.
    const elsewhere = await asGuest()
    await signIn(elsewhere.visitor, 'ben', 'Ben-Passw0rd')
    const again = await text(await elsewhere.visitor.open('/guest'))
    assert.equal(identityOn(again), identityId)
    assert.match(again, /You had an identity already/)
  })

  test("a guest who signs in with the app's own form keeps the identity, over the question for a code", async () => {
    const { visitor, identityId } = await asGuest()
    const asked = await visitor.submit('/sign-in', { username: 'erik', password: 'Erik-Passw0rd' })
    assert.equal(asked.headers.get('location'), '/sign-in/choice')
    await visitor.fillIn('/sign-in/choice', { choice: 'EMAIL_OTP' })
    const code = example.outbox?.latest('erik@example.com')?.code ?? ''
    assert.equal((await visitor.fillIn('/sign-in/code', { code })).status, 303)
    assert.equal(identityOn(await text(await visitor.open('/guest'))), identityId)
  })
})

describe('the role page of the example app', () => {
  let example: Example
  before(async () => (example = await startExample({ PORT: '0', COGNITO_LOCAL_PORT: '0' })))
  after(() => example.close())

  async function signedIn(username: string, password: string): Promise<FormBrowser> {
    const visitor = new FormBrowser(example.url)
    await signIn(visitor, username, password)
    return visitor
  }

  test('ana has the role of her first group, and takes that of her second one when she asks for it', async () => {
    const ana = await signedIn('ana', 'Ana-Passw0rd')
    const page = await text(await ana.open('/role'))
    assert.match(arnOn(page) ?? '', /:assumed-role\/harbour-keeper\/CognitoIdentityCredentials$/)
    assert.match(page, /id="why">Your token prefers it/)
    assert.match(page, /aws:PrincipalTag\/<wbr \/>department<\/code><\/dt><dd>sales/)
    assert.match(page, /departments\/<\/code><\/th><td class="">200 OK, 2 objects/)
    assert.match(page, /the whole bucket<\/code><\/th><td class="bad">403 AccessDenied/)

    const other = await text(await ana.open('/role?as=harbour-auditor'))
    assert.match(arnOn(other) ?? '', /:assumed-role\/harbour-auditor\//)
    assert.match(other, /id="why">You asked for it/)
    assert.match(other, /the whole bucket<\/code><\/th><td class="">200 OK/)
  })

  test('a role that the token does not list is nobody’s to ask for', async () => {
    const ben = await signedIn('ben', 'Ben-Passw0rd')
    for (const asked of [
      'harbour-keeper',
      'arn:aws:iam::000000000000:role/harbour-keeper',
      '&as=harbour-keeper',
    ]) {
      const page = await text(await ben.open(`/role?as=${asked}`))
      assert.match(arnOn(page) ?? '', /:assumed-role\/local-authenticated\//, asked)
      assert.match(page, /id="why">No group of yours has a role/)
    }
  })

  test('the tag of the session opens the folder of one department only', async () => {
    const ben = await signedIn('ben', 'Ben-Passw0rd')
    const page = await text(await ben.open('/role'))
    assert.match(page, /departments\/finance\/<\/code><\/th><td class="">200 OK, 1 object</)
    assert.match(page, /departments\/<\/code><\/th><td class="bad">403 AccessDenied/)
  })
})

test('a guest whom the identity pool no longer takes is told so, and can still sign in', async (t) => {
  const erin = { username: 'erin', password: 'Erin-Passw0rd' }
  const { cognito, env } = await startNamedCognito([erin])
  const example = await startExample(env)
  t.after(async () => {
    await example.close()
    await cognito.close()
  })
  const visitor = new FormBrowser(example.url)
  await visitor.submit('/guest', {})
  const page = await text(await visitor.open('/guest'))
  assert.match(page, /The identity pool takes no guests/)
  assert.equal(identityOn(page), undefined)
  await signIn(visitor, 'erin', 'Erin-Passw0rd')
  assert.match(await text(await visitor.open('/role')), /does not know of which claims/)
})

test('a guest signs in while the identity pool is down: the sign-in counts, the identity is left behind', async (t) => {
  const erin = { username: 'erin', password: 'Erin-Passw0rd' }
  const { cognito, env } = await startNamedCognito([erin], { allowGuests: true })
  const example = await startExample(env)
  t.after(async () => {
    await example.close()
    await cognito.close()
  })
  const complaints = t.mock.method(console, 'error', () => undefined)
  const visitor = new FormBrowser(example.url)
  await visitor.submit('/guest', {})
  assert.match(identityOn(await text(await visitor.open('/guest'))) ?? '', /^eu-west-1:/)
  const heal = cognito.fail('GetCredentialsForIdentity', { status: 500 })
  await signIn(visitor, 'erin', 'Erin-Passw0rd')
  heal()
  assert.match(String(complaints.mock.calls[0]?.arguments[0]), /A guest was left behind/)
  assert.match(await text(await visitor.open('/guest')), /none in this sign-in/)
})
