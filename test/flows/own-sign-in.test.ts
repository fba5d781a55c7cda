import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import expressSession from 'express-session'
import fc from 'fast-check'
import type { LocalCognito } from 'passport-cognito-identity/local'
import { createApp } from '../../example-app/app.ts'
import { configure } from '../../example-app/config.ts'
import { safeReturnTo } from '../../example-app/routes/own-sign-in/return-to.ts'
import { type Example, startExample } from '../../example-app/start.ts'
import { startNamedCognito } from '../browser/named-cognito.ts'
import { corpus, origin } from '../strategy/return-to-corpus.ts'
import { listen } from '../support/app.ts'
import { FormBrowser, type Submission } from './form-browser.ts'

const ana = { username: 'ana', password: 'Ana-Passw0rd' }
const ben = { username: 'ben', password: 'Ben-Passw0rd', phoneNumber: '+46700000001', mfa: { sms: true } }
const carla = {
  username: 'carla',
  password: 'Carla-Passw0rd',
  phoneNumber: '+46700000002',
  mfa: { sms: true },
}
const only = ({ username, password }: { username: string; password: string }) => ({ username, password })
const options = {
  userPool: {
    mfaConfiguration: 'OPTIONAL',
    enabledMfas: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
    deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
  },
} satisfies Parameters<typeof startNamedCognito>[1]

const location = (response: Response) => [response.status, response.headers.get('location')]

describe("the example app's own sign-in form", () => {
  let cognito: LocalCognito
  let env: Record<string, string | undefined>
  let example: Example
  before(async () => {
    const named = await startNamedCognito([ana, ben, carla], options)
    cognito = named.cognito
    env = { ...named.env, SEALING_KEY: 'a sealing key of more than thirty-two characters' }
    example = await startExample(env)
  })
  after(async () => {
    await example.close()
    await cognito.close()
  })
  beforeEach(() => cognito.requests.clear())
  const browser = () => new FormBrowser(example.url)
  const codeFor = (phone = ben.phoneNumber) => cognito.outbox.latest(phone)?.code ?? ''

  /** A browser that was asked for the code of ben. */
  async function waiting(user: { username: string; password: string } = ben): Promise<FormBrowser> {
    const visitor = browser()
    const asked = await visitor.submit('/sign-in', only(user))
    assert.deepEqual(location(asked), [303, '/sign-in/code'])
    return visitor
  }

  const json = { 'content-type': 'application/json' }
  const nested = `username${'[a]'.repeat(5_000)}=ana`
  const hostile: [what: string, status: number, path: string, submission: Submission][] = [
    ['a password in the query of a POST', 400, '/sign-in?password=Ana-Passw0rd', {}],
    ['a query that repeats the form', 400, '/sign-in?username=ana&password=Ana-Passw0rd', { body: '' }],
    ['JSON', 415, '/sign-in', { headers: json, body: JSON.stringify(ana) }],
    ['plain text', 415, '/sign-in', { headers: { 'content-type': 'text/plain' } }],
    ['a multipart form', 415, '/sign-in', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }],
    ['10 MB', 413, '/sign-in', { body: `username=ana&password=${'x'.repeat(10_000_000)}` }],
    ['10,001 bytes', 413, '/sign-in', { body: `username=ana&password=${'x'.repeat(9_979)}` }],
    ['deeply nested JSON', 415, '/sign-in', { headers: json, body: '['.repeat(9_000) }],
    ['1,000 parameters', 413, '/sign-in', { body: 'a=1&'.repeat(1_000) }],
    ['deeply nested names', 413, '/sign-in', { body: nested }],
    ['names in brackets', 400, '/sign-in', { body: 'username[a][b][c]=ana&password=Ana-Passw0rd' }],
    ['a password twice', 400, '/sign-in', { body: 'username=ana&password=Ana-Passw0rd&password=x' }],
    ['a field of no form', 400, '/sign-in', { body: 'username=ana&password=Ana-Passw0rd&role=admin' }],
    ['PUT', 405, '/sign-in', { method: 'PUT' }],
    ['DELETE', 405, '/sign-in', { method: 'DELETE', body: '' }],
  ]
  for (const [what, status, path, submission] of hostile) {
    test(`DS-06 ${what} is ${status}, and Cognito is asked for nothing`, async () => {
      const visitor = browser()
      const answer = await visitor.submit(path, ana, submission)
      assert.equal(answer.status, status)
      assert.equal(cognito.requests.total(), 0)
      assert.equal(answer.headers.get('allow'), status === 405 ? 'GET, POST' : null)
      assert.ok(!(await answer.text()).includes(ana.password))
    })
  }

  for (const address of [
    '/sign-in?username=ana&password=Ana-Passw0rd',
    '/sign-up?password=Ana-Passw0rd',
    '/sign-up/confirm?username=ana&code=123456',
    '/forgot-password/confirm?password=Ana-Passw0rd',
    '/sign-in/code?challenge=x',
  ]) {
    test(`DS-06 GET ${address} is 405, and its password does not come back`, async () => {
      const answer = await browser().open(address)
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST'])
      assert.doesNotMatch(await answer.text(), /Ana-Passw0rd/)
      assert.equal(cognito.requests.total(), 0)
    })
  }

  const forms = ['/sign-in', '/sign-up', '/sign-up/confirm', '/forgot-password', '/forgot-password/confirm']
  const steps = [
    '/sign-in/code',
    '/sign-in/new-password',
    '/sign-in/choice',
    '/sign-in/set-up',
    '/sign-in/passkey',
  ]
  const changes = [
    ...['/security/password', '/security/authenticator', '/security/authenticator/start'],
    ...['/security/authenticator/off', '/security/devices', '/security/sessions'],
    ...['/security/passkeys', '/security/passkeys/start', '/security/passkeys/remove'],
    '/security/sign-out-everywhere',
  ]
  for (const path of [...forms, ...steps, ...changes]) {
    test(`DS-08 ${path} refuses other sites and JSON, and Cognito is asked for nothing`, async () => {
      const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
      const sibling = { 'sec-fetch-site': 'same-site' }
      for (const headers of [foreign, sibling]) {
        assert.equal((await browser().submit(path, {}, { headers })).status, 403)
      }
      // Nobody is signed in here, so the security pages do not get as far as the form.
      const status = changes.includes(path) ? 401 : 415
      const asJson = { ...json, 'sec-fetch-mode': 'cors' }
      assert.equal((await browser().submit(path, {}, { headers: asJson, body: '{}' })).status, status)
      assert.equal(cognito.requests.total(), 0)
    })
  }

  test('DS-07 after sign-in the browser goes on with 303, to the page it wanted or to the account', async () => {
    assert.deepEqual(location(await browser().submit('/sign-in', ana)), [303, '/account'])
    const wanted = await browser().submit('/sign-in', { ...ana, returnTo: '/files?page=2' })
    assert.deepEqual(location(wanted), [303, '/files?page=2'])
    for (const returnTo of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
    ]) {
      assert.deepEqual(location(await browser().submit('/sign-in', { ...ana, returnTo })), [303, '/account'])
      assert.equal(safeReturnTo(returnTo, example.url), undefined)
    }
  })

  test('a page that needs more than the managed login gives leads to the form and back', async () => {
    const visitor = browser()
    const refused = await visitor.open('/security')
    assert.deepEqual(location(refused), [303, '/sign-in?returnTo=%2Fsecurity'])
    const page = await (await visitor.open('/sign-in?returnTo=%2Fsecurity')).text()
    assert.match(page, /name="returnTo" value="\/security"/)
  })

  test('an unknown user and a wrong password get the same page', async () => {
    const pages = await Promise.all(
      ['ana', 'nobody'].map(async (username) => {
        const answer = await browser().submit('/sign-in', { username, password: 'wrong' })
        const text = await answer.text()
        assert.equal(answer.status, 401)
        assert.doesNotMatch(text, /wrong</)
        return text.replaceAll(`value="${username}"`, '')
      }),
    )
    assert.equal(pages[0], pages[1])
    assert.match(pages[0] ?? '', /role="alert" id="refusal">\s*Incorrect username or password\./)
  })

  test('a sign-in that fails leaves no session behind', async () => {
    const answer = await browser().submit('/sign-in', { ...ana, password: 'wrong' })
    assert.deepEqual(answer.headers.getSetCookie(), [])
  })

  test('the session of a sign-in that waits for a code is a new one, and again a new one after it', async () => {
    const visitor = browser()
    await visitor.open('/login')
    const ids = [visitor.jar.get(new URL(example.url), 'example.sid')]
    await visitor.submit('/sign-in', only(ben))
    ids.push(visitor.jar.get(new URL(example.url), 'example.sid'))
    const done = await visitor.fillIn('/sign-in/code', { code: codeFor() })
    assert.deepEqual(location(done), [303, '/account'])
    ids.push(visitor.jar.get(new URL(example.url), 'example.sid'))
    assert.equal(new Set(ids).size, 3)
    assert.ok(ids.every(Boolean))
  })

  test('DS-10 while a code is awaited nobody is signed in: protected routes are 401', async () => {
    const visitor = await waiting()
    const script = { accept: 'application/json', 'sec-fetch-mode': 'cors' }
    for (const path of ['/account', '/files', '/security', '/admin', '/api-page/call']) {
      assert.equal((await visitor.open(path, script)).status, 401, path)
    }
    for (const path of ['/security/devices', '/security/password', '/security/authenticator/off', '/files']) {
      assert.equal((await visitor.submit(path, {}, { headers: script })).status, 401, path)
    }
    assert.deepEqual(location(await visitor.open('/account')), [303, '/login?returnTo=%2Faccount'])
  })

  test('DS-10 the challenge of another browser is 400, with a sign-in of its own under way or without', async () => {
    const mine = await waiting()
    const challenge = /name="challenge" value="(\w+)"/.exec(
      await (await mine.open('/sign-in/code')).text(),
    )?.[1]
    assert.ok(challenge)
    const code = codeFor()
    cognito.requests.clear()
    assert.equal((await browser().submit('/sign-in/code', { challenge, code })).status, 400)
    assert.equal(cognito.requests.total(), 0)
    const other = await waiting(carla)
    cognito.requests.clear()
    assert.equal((await other.submit('/sign-in/code', { challenge, code })).status, 400)
    assert.equal(cognito.requests.total(), 0)
    assert.deepEqual(location(await mine.submit('/sign-in/code', { challenge, code })), [303, '/account'])
  })

  test('DS-10 a user name that is slipped in between the steps is 400, and changes nothing', async () => {
    const visitor = await waiting()
    cognito.requests.clear()
    const swapped = await visitor.fillIn('/sign-in/code', { code: codeFor(), username: 'ana' })
    assert.equal(swapped.status, 400)
    assert.equal(cognito.requests.total(), 0)
    await visitor.fillIn('/sign-in/code', { code: codeFor() })
    assert.match(await (await visitor.open('/account')).text(), /ben/)
  })

  test('DS-10 a step that Cognito did not ask for leads to the one that it did, and cannot be answered', async () => {
    const visitor = await waiting()
    assert.deepEqual(location(await visitor.open('/sign-in/new-password')), [303, '/sign-in/code'])
    const forged = { newPassword: 'Other-Passw0rd', repeated: 'Other-Passw0rd' }
    assert.equal((await visitor.submit('/sign-in/new-password', forged)).status, 400)
    assert.deepEqual(location(await browser().open('/sign-in/code')), [303, '/sign-in'])
  })

  test('DS-10 after three minutes the visitor starts again, and is told so', async () => {
    const visitor = await waiting()
    const code = codeFor()
    cognito.clock.advance(181)
    const late = await visitor.fillIn('/sign-in/code', { code })
    cognito.clock.advance(-181)
    assert.deepEqual(location(late), [303, '/sign-in'])
    assert.match(await (await visitor.open('/sign-in')).text(), /The sign-in took too long\. Start again\./)
    assert.deepEqual(location(await visitor.open('/sign-in/code')), [303, '/sign-in'])
  })

  test('DS-11 a wrong code is 401 on the same page, and the right one still works', async () => {
    const visitor = await waiting()
    const right = codeFor()
    const wrong = await visitor.fillIn('/sign-in/code', { code: right === '000000' ? '111111' : '000000' })
    assert.equal(wrong.status, 401)
    assert.match(await wrong.text(), /The code is wrong\./)
    const done = await visitor.fillIn('/sign-in/code', { code: `${right.slice(0, 3)} ${right.slice(3)}` })
    assert.deepEqual(location(done), [303, '/account'])
  })

  test('the device cookie is sealed, for the sign-in pages only, and set only for who wants it', async () => {
    const plain = await browser().submit('/sign-in', ana)
    assert.equal(
      plain.headers.getSetCookie().some((cookie) => cookie.startsWith('example.device=')),
      false,
    )
    const kept = await browser().submit('/sign-in', { ...ana, remember: 'on' })
    const cookie = kept.headers.getSetCookie().find((one) => one.startsWith('example.device='))
    assert.match(
      cookie ?? '',
      /^example\.device=[\w-]{100,1000}; Max-Age=31536000; Path=\/sign-in; .*HttpOnly; SameSite=Lax$/,
    )
  })

  test('DS-09 too many attempts are 429 with Retry-After on the same page, after one call', async () => {
    const body = JSON.stringify({ __type: 'TooManyRequestsException', message: 'Rate exceeded' })
    cognito.fail('InitiateAuth', { status: 400, body }, { times: 1 })
    const answer = await browser().submit('/sign-in', ana)
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '30'])
    assert.match(await answer.text(), /Too many attempts\. Try again later\./)
    assert.equal(cognito.requests.total(), 1)
  })

  test('while Cognito is down the answer is 503, and the sign-in can be finished afterwards', async (t) => {
    const visitor = await waiting()
    const heal = cognito.fail('RespondToAuthChallenge', { status: 500 })
    const log = t.mock.method(console, 'error', () => undefined)
    const down = await visitor.fillIn('/sign-in/code', { code: codeFor() })
    heal()
    assert.equal(log.mock.callCount(), 1)
    assert.equal(down.status, 503)
    const done = await visitor.fillIn('/sign-in/code', { code: codeFor() })
    assert.deepEqual(location(done), [303, '/account'])
  })

  test('a sign-in that began on one process is finished on another, with the same key and session store', async (t) => {
    const store = new expressSession.MemoryStore()
    const startProcess = async () => {
      const { config } = await configure(env, Number(env['PORT']))
      const server = createServer()
      const url = await listen(server)
      t.after(() => {
        server.close()
        server.closeAllConnections()
      })
      server.on('request', createApp({ ...config, store }))
      return url
    }
    const [first, second] = [await startProcess(), await startProcess()]
    const visitor = new FormBrowser(first)
    const headers = { host: new URL(example.url).host }
    const asked = await visitor.submit('/sign-in', { ...only(ben), remember: 'on' }, { headers })
    assert.deepEqual(location(asked), [303, '/sign-in/code'])
    visitor.url = second
    const page = await (await visitor.open('/sign-in/code', headers)).text()
    const challenge = /name="challenge" value="(\w+)"/.exec(page)?.[1] ?? ''
    const done = await visitor.submit('/sign-in/code', { challenge, code: codeFor() }, { headers })
    assert.deepEqual(location(done), [303, '/account'])
    // The device that the second one sealed is recognised by the first, and takes the place of the code.
    visitor.url = first
    await visitor.submit('/logout', {}, { headers })
    const again = await visitor.submit('/sign-in', only(ben), { headers })
    assert.deepEqual(location(again), [303, '/account'])
  })
})

test('returnTo is a page of the example app or nothing, whatever it is made of (5,000, seeded)', () => {
  let safe = 0
  fc.assert(
    fc.property(corpus, (value) => {
      const result = safeReturnTo(value, origin)
      if (result === undefined) return
      safe += 1
      assert.equal(new URL(result, `${origin}/sign-in/code`).origin, origin, JSON.stringify(value))
      assert.match(result, /^\/(?!\/)[\x21-\x7e]*$/, JSON.stringify(value))
    }),
    { seed: 9701, numRuns: 5_000 },
  )
  assert.equal(safe > 500, true, `${safe} safe`)
})

describe('variables of the example app for its own form', () => {
  const real = {
    COGNITO_USER_POOL_ID: 'eu-west-1_AbCdEf123',
    COGNITO_CLIENT_ID: '4ifa83b1k2example9c0d1e2f3',
    COGNITO_DOMAIN: 'auth.example.com',
    COGNITO_IDENTITY_POOL_ID: 'eu-west-1:128d0a74-c82f-4553-916d-90053e4a1b2c',
    S3_BUCKET: 'files',
    SESSION_SECRET: 'a session secret of more than thirty-two bytes',
  }

  test('the first flow is for name and password, and USER_AUTH behind it for other ways', async () => {
    const flows = async (COGNITO_SIGN_IN_FLOWS?: string) => {
      const { config } = await configure({ ...real, COGNITO_SIGN_IN_FLOWS }, 3000)
      return [config.signInFlow, config.otherWays, config.mailbox]
    }
    assert.deepEqual(await flows(), ['USER_SRP_AUTH', false, undefined])
    assert.deepEqual(await flows('USER_SRP_AUTH USER_AUTH'), ['USER_SRP_AUTH', true, undefined])
    assert.deepEqual(await flows('CUSTOM_AUTH'), ['CUSTOM_AUTH', false, undefined])
    for (const wrong of ['USER_AUTH', 'PASSWORD', 'USER_SRP_AUTH ADMIN_NO_SRP_AUTH']) {
      await assert.rejects(flows(wrong), /^Error: COGNITO_SIGN_IN_FLOWS must begin with/)
    }
  })

  test('a short SEALING_KEY is named, and not repeated', async () => {
    const SEALING_KEY = 'thirty-one characters, too few.'
    await assert.rejects(configure({ ...real, SEALING_KEY }, 3000), ({ message }: Error) => {
      assert.match(message, /^SEALING_KEY must have 32 characters/)
      return !message.includes(SEALING_KEY)
    })
  })
})
