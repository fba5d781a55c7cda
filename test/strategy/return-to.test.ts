import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CognitoStrategy, UserPool } from '../../src/index.ts'
import { safeReturnTo } from '../../src/strategy/return-to.ts'
import { ana, Browser, location } from '../support/app.ts'
import { OpenStore, type SessionApp, startSessionApp } from '../flows/session-app.ts'
import { redirectCorpus } from './redirect-corpus.ts'

interface Stored {
  cognitoSignIn: { state: string; returnTo?: string }[]
}

/** Where a browser that is on the app goes with this Location, and that it stays there. */
function assertOwnPage(where: string, app: string): void {
  assert.equal(new URL(where, `${app}/callback?code=c&state=s`).origin, app, JSON.stringify(where))
  assert.match(where, /^\/(?![/\\])/)
  assert.doesNotMatch(where, /[\p{Cc}\\]/u)
}

describe('returnTo', () => {
  const store = new OpenStore()
  let app: SessionApp
  before(async () => {
    app = await startSessionApp({ expressSession: { store }, maxHeaderSize: 256 * 1024 })
  })
  after(() => app.close())

  /** What the sign-in that this login starts would come back to. */
  async function storedReturnTo(path: string): Promise<string | undefined> {
    const browser = new Browser(app)
    const answer = await browser.open(path)
    assert.equal(answer.status, 303, path.slice(0, 200))
    assert.equal(new URL(location(answer)).origin, app.local.url)
    const { cognitoSignIn } = store.row(browser.cookie()) as unknown as Stored
    assert.equal(cognitoSignIn.length, 1)
    return cognitoSignIn[0]?.returnTo
  }

  test('AC-21 whatever the corpus says, the sign-in comes back to a page of the app', async () => {
    const corpus = redirectCorpus(app.url)
    assert.ok(corpus.length >= 791, `${corpus.length}`)
    let kept = 0
    for (const text of corpus) {
      // Percent-encoded as a browser's form does it, and as it stands: what a server decodes, it may decode again.
      const once = safeReturnTo(text, app.url, [])
      if (once === undefined) continue
      kept += 1
      assertOwnPage(once, app.url)
      assert.equal(safeReturnTo(once, app.url, []), once, 'what is safe stays as it is')
    }
    // The corpus has harmless pages too, such as percent-encoded slashes: the check does not just refuse everything.
    assert.ok(kept > 20 && kept < corpus.length / 2, `${kept} of ${corpus.length}`)
  })

  test('AC-21 over HTTP, every one of 300 values of the corpus ends in a page of the app or the default', async () => {
    const corpus = redirectCorpus(app.url)
    const step = corpus.length / 300
    for (let index = 0; index < 300; index += 1) {
      const text = corpus[Math.floor(index * step)] ?? ''
      const returnTo = await storedReturnTo(`/login?returnTo=${encodeURIComponent(text)}`)
      if (returnTo !== undefined) assertOwnPage(returnTo, app.url)
      assert.equal(returnTo, safeReturnTo(text, app.url, ['/login', '/callback', '/logout']))
    }
  })

  test('AC-21 the Location after sign-in is the page that was kept, and the default where none was', async () => {
    const cases: [string, string][] = [
      ['/files?page=2#end', '/files?page=2#end'],
      ['/%2f%2fevil.example', '/%2f%2fevil.example'],
      ['/a/../b', '/b'],
      ['//evil.example', '/'],
      ['/.//evil.example', '/'],
      ['/\\evil.example', '/'],
      [`${app.url}@evil.example/`, '/'],
    ]
    for (const [asked, where] of cases) {
      const answer = await new Browser(app).signIn(ana, `/login?returnTo=${encodeURIComponent(asked)}`)
      assert.equal(location(answer), where)
      assertOwnPage(location(answer), app.url)
    }
  })

  test('AC-23 a returnTo at the callback, in the state, or of another tab changes nothing', async () => {
    const browser = new Browser(app)
    const mine = await browser.callbackOf(ana, '/login?returnTo=/mine')
    const other = await browser.callbackOf(ana, '/login?returnTo=/other')
    const state = new URL(mine).searchParams.get('state') ?? ''
    const planted = `${mine.replace(state, `${state}%2Fother`)}`
    assert.equal((await browser.open(planted)).status, 400)
    const answer = await browser.open(`${mine}&returnTo=/planted&returnTo=//evil.example`)
    assert.equal(answer.status, 303)
    assert.equal(location(answer), '/mine')
    assert.equal(location(await browser.open(other)), '/other')
  })

  const odd = [
    'returnTo[]=/x',
    'returnTo[__proto__][x]=1',
    'returnTo[constructor][prototype][x]=1',
    '__proto__[returnTo]=/x',
    'returnTo=/a&returnTo=/b',
    'returnTo=',
    'returnTo',
    'returnTo=%',
    'returnTo=%E0%A4%A',
    'returnTo=http://[',
    'returnTo=//[',
    `returnTo=/${'x'.repeat(100_000)}`,
    `returnTo=${'//'.repeat(50_000)}`,
    `returnTo=/${'%2e%2e/'.repeat(12_000)}`,
  ]
  for (const query of odd) {
    test(`AC-24 ${query.slice(0, 40)} is the default page, at once and without a trace`, async () => {
      const start = performance.now()
      assert.equal(await storedReturnTo(`/login?${query}`), undefined)
      assert.ok(performance.now() - start < 1_000)
      assert.equal(({} as { x?: unknown; returnTo?: unknown }).x, undefined)
      assert.equal(({} as { returnTo?: unknown }).returnTo, undefined)
    })
  }

  const loops = ['/login', '/login?returnTo=/a', '/callback', '/callback?code=x&state=y', '/logout', '/LOGIN', '/Callback/', '/logout/', '/a/../login', '/./callback', '/logout#x'] // prettier-ignore
  for (const path of loops) {
    test(`AC-25 ${path} would lead back into sign-in or out of it, so it is the default page`, async () => {
      for (const asked of [path, new URL(path, app.url).href]) {
        const answer = await new Browser(app).signIn(ana, `/login?returnTo=${encodeURIComponent(asked)}`)
        assert.equal(location(answer), '/')
      }
    })
  }

  test('AC-25 pages whose names only begin like those routes are pages', async () => {
    for (const path of ['/login-help', '/logout/history', '/callbacks'])
      assert.equal(await storedReturnTo(`/login?returnTo=${path}`), path)
  })

  test('AC-25 the sign-out route may have another name', async (t) => {
    const own = await startSessionApp({ strategy: { logoutPath: '/sign-out' } })
    t.after(() => own.close())
    const signIn = async (path: string) =>
      location(await new Browser(own).signIn(ana, `/login?returnTo=${path}`))
    assert.equal(await signIn('/sign-out'), '/')
    assert.equal(await signIn('/logout'), '/logout')
    const options = { userPool: new UserPool(own.local.userPool), callbackURL: `${own.url}/callback` }
    for (const logoutPath of ['', 'sign-out', 'https://app.example.com/sign-out', 7] as string[])
      assert.throws(() => new CognitoStrategy({ ...options, logoutPath }), /"logoutPath"/)
  })
})
