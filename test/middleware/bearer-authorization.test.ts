import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import {
  type BearerApp,
  bareChallenge,
  invalidRequest,
  invalidToken,
  startBearerApp,
  wire,
} from './bearer-app.ts'

let local: LocalCognito
let app: BearerApp
let token: string

before(async () => {
  local = await startLocalCognito({ users: [{ username: 'ana', password: 'Passw0rd!' }] })
  token = await local.issueToken({ tokenUse: 'access' })
})
after(() => local.close())
beforeEach(async () => {
  app = await startBearerApp(new UserPool(local.userPool))
  local.requests.clear()
})
afterEach(() => app.close())

/** What each answer looks like: status, challenge, and whether the handler ran. */
const answers = {
  taken: [200, null],
  anonymous: [401, bareChallenge],
  malformed: [400, invalidRequest],
  'no token': [401, invalidToken],
} as const

async function answered(lines: string[], answer: keyof typeof answers): Promise<void> {
  const ran = app.handled
  const { status, headers, body } = await wire(app.url, lines)
  assert.deepEqual([status, headers.get('www-authenticate')], answers[answer], JSON.stringify(lines))
  assert.equal(app.handled - ran, answer === 'taken' ? 1 : 0)
  assert.equal(headers.get('set-cookie'), null)
  if (answer !== 'taken') assert.equal(headers.get('cache-control'), 'no-store')
  assert.ok(!body.includes(token))
}

// T stands for a good token.
const table: [header: string, keyof typeof answers][] = [
  ['Bearer T', 'taken'],
  ['bearer T', 'taken'],
  ['BEARER T', 'taken'],
  ['bEaReR T', 'taken'],
  ['Bearer  T', 'taken'],
  ['Bearer T ', 'taken'],
  ['Bearer T\t', 'taken'],
  [' \tBearer T', 'taken'],
  ['', 'anonymous'],
  ['Basic T', 'anonymous'],
  ['Token T', 'anonymous'],
  ['BearerT', 'anonymous'],
  ['Bearer-T T', 'anonymous'],
  ['T', 'anonymous'],
  ['Basic eDp5, Bearer T', 'anonymous'],
  ['Bearer', 'malformed'],
  ['Bearer ', 'malformed'],
  ['Bearer\tT', 'malformed'],
  ['Bearer,T', 'malformed'],
  ['Bearer: T', 'malformed'],
  ['Bearer T T', 'malformed'],
  ['Bearer T\tT', 'malformed'],
  ['Bearer T,T', 'malformed'],
  ['Bearer T, Bearer T', 'malformed'],
  ['Bearer T, Basic eDp5', 'malformed'],
  ['Bearer "T"', 'no token'],
  ["Bearer 'T'", 'no token'],
  ['Bearer <T>', 'no token'],
  ['Bearer token=T', 'no token'],
  ['Bearer T=', 'no token'],
  ['Bearer =', 'no token'],
  ['Bearer T;', 'no token'],
  ['Bearer tök\u00e9n', 'no token'],
  ['Bearer T\u00a0T', 'no token'],
  ['Bearer undefined', 'no token'],
]
for (const [header, answer] of table) {
  test(`BV-18 Authorization ${JSON.stringify(header)} is ${answer}`, () =>
    answered(
      [`Authorization:${header.startsWith(' ') ? '' : ' '}${header.replaceAll(/\bT\b/g, token)}`],
      answer,
    ))
}

for (const [name, lines] of Object.entries({
  'the valid one first': ['Authorization: Bearer T', 'Authorization: Bearer x'],
  'the valid one last': ['Authorization: Basic eDp5', 'authorization: Bearer T'],
  'the same twice': ['Authorization: Bearer T', 'AUTHORIZATION: Bearer T'],
  'one of them empty': ['Authorization: Bearer T', 'Authorization:'],
})) {
  test(`BV-21 two Authorization lines are 400, ${name}, and also while the keys cannot be fetched`, async (t) => {
    const sent = lines.map((line) => line.replace(/\bT$/, token))
    await answered(sent, 'malformed')
    assert.equal(local.requests.count('jwks'), 0)
    const heal = local.fail('jwks', { status: 500 })
    t.after(heal)
    await answered(sent, 'malformed')
    heal()
    await answered([`Authorization: Bearer ${token}`], 'taken')
  })
}

test('BV-22 percent signs and 200 random byte strings are 401, and the process lives', async () => {
  await answered(['Authorization: Bearer %E0%A4%A'], 'no token')
  for (let run = 0; run < 200; run += 1) {
    const bytes = Array.from({ length: randomInt(1, 200) }, randomByte)
    await answered([`Authorization: Bearer ${String.fromCharCode(...bytes)}`], 'no token')
  }
  await answered([`Authorization: Bearer ${token}`], 'taken')
})

test('BV-22 whatever bytes come, separators and control characters included, the answer is 400 or 401', async () => {
  for (let run = 0; run < 200; run += 1) {
    const bytes = Array.from({ length: randomInt(1, 60) }, () => randomInt(256)).filter((byte) => byte !== 10)
    const { status } = await wire(app.url, [`Authorization: Bearer ${String.fromCharCode(...bytes)}`])
    assert.ok(status === 400 || status === 401, `${status} for bytes ${bytes.join(' ')}`)
  }
  assert.deepEqual([app.handled, app.errors], [0, []])
})

/** A byte that Node lets through and that separates nothing. */
function randomByte(): number {
  const byte = randomInt(0x21, 0x100)
  return byte === 0x2c || byte === 0x7f ? 0xff : byte
}

const identityHeaders = [
  ...['X-User', 'x_user', 'X-Forwarded-User', 'X-Forwarded-Email', 'X-Forwarded-Groups', 'Remote-User'],
  ...['X-Remote-User', 'X-Auth-Request-User', 'X-Auth-Request-Access-Token', 'X-Amzn-Oidc-Identity'],
  ...['X-Amzn-Oidc-Data', 'X_Amzn_Oidc_Data', 'X-Amzn-Oidc-Accesstoken', 'X-Forwarded-Access-Token'],
  ...['X-Access-Token', 'X-Id-Token', 'Proxy-Authorization', 'X-Authorization', 'X-Original-Authorization'],
]
test('BV-40 headers that proxies use for an identity are never read as one', async () => {
  for (const name of identityHeaders) {
    for (const value of ['ben', token, `Bearer ${token}`]) await answered([`${name}: ${value}`], 'anonymous')
  }
  const forged = identityHeaders.map((name) => `${name}: ben`)
  const { status, body } = await wire(app.url, [...forged, `Authorization: Bearer ${token}`])
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sub: string
  }
  assert.deepEqual([status, JSON.parse(body)], [200, { sub }])
})
