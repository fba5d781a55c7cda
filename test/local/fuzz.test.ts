import assert from 'node:assert/strict'
import { request as send } from 'node:http'
import test from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { authorizeUrl, locationOf, start } from './domain.ts'

const paths = [
  ...[
    '/',
    '/login',
    '/logout',
    '/error',
    '/oauth2/authorize',
    '/oauth2/token',
    '/oauth2/userInfo',
    '/oauth2/revoke',
  ],
  ...['/files', '/files/a', '/us-east-1_Local0001/.well-known/jwks.json', '//', '/%', '/%00', '/__proto__'],
]
const services = ['AWSCognitoIdentityProviderService', 'AWSCognitoIdentityService', 'x', '']
const operations = [
  'InitiateAuth',
  'RespondToAuthChallenge',
  'RevokeToken',
  'GetUser',
  'GetTokensFromRefreshToken',
  'GetClientToken',
  'AssociateSoftwareToken',
  'VerifySoftwareToken',
  'SetUserMFAPreference',
  'ConfirmDevice',
  'ListDevices',
  'AdminInitiateAuth',
  'GetId',
  'toString',
  '',
]
const names = [
  'grant_type',
  'client_id',
  'redirect_uri',
  'response_type',
  'code',
  'scope',
  'prompt',
  'token',
  'csrf',
]
const values = [
  'public1',
  'code',
  'authorization_code',
  'refresh_token',
  'openid',
  'http://localhost:3000/callback',
]
const members = [
  'ClientId',
  'AuthFlow',
  'AuthParameters',
  'ChallengeName',
  'ChallengeResponses',
  'Token',
  'Logins',
  'Session',
  'RefreshToken',
  'DeviceKey',
  'DeviceSecretVerifierConfig',
  'UserCode',
  'Limit',
  'Scopes',
  'Secret',
]

const word = fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'binary', maxLength: 40 }))
const form = fc
  .array(fc.tuple(fc.constantFrom(...names), word))
  .map((pairs) => new URLSearchParams(pairs).toString())
const json = fc
  .dictionary(fc.constantFrom(...members), fc.oneof(word, fc.constant('USER_PASSWORD_AUTH'), fc.jsonValue()))
  .map((value) => JSON.stringify(value))
const headers = fc.record(
  {
    'content-type': fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'x'),
    'x-amz-target': fc
      .tuple(fc.constantFrom(...services), fc.constantFrom(...operations))
      .map((parts) => parts.join('.')),
    authorization: fc.oneof(fc.constantFrom('Basic !', 'Bearer x', 'Bearer a.b.c'), fc.base64String()),
    cookie: fc.base64String().map((value) => `cognito-PORT=${value}; XSRF-TOKEN=${value}`),
  },
  { requiredKeys: [] },
)
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
  path: fc.tuple(fc.constantFrom(...paths), form).map(([path, query]) => `${path}?${query}`),
  headers,
  body: fc.oneof(form, json, fc.string()),
})

type RandomRequest = typeof requests extends fc.Arbitrary<infer T> ? T : never

async function statusOf(url: string, { method, path, headers, body }: RandomRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const target = new URL(url)
    if (headers.cookie) headers = { ...headers, cookie: headers.cookie.replace('PORT', target.port) }
    const sent = send({ host: target.hostname, port: target.port, method, path, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject).end(body)
  })
}

/** What is left after everything that is no longer needed is gone. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

test('LS-09 10,000 random requests neither make it fail or stop nor fill its memory', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const before = heapBytes()
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const status = await statusOf(local.url, request)
      // What S3 does not have is 501 by its own protocol.
      assert.ok(status >= 200 && (status < 500 || status === 501), `${status}`)
    }),
    { numRuns: 10_000 },
  )
  const grownMegabytes = (heapBytes() - before) / 2 ** 20
  assert.equal(grownMegabytes < 100, true, `${grownMegabytes} MB`)
  assert.ok((await locationOf(authorizeUrl(local))) instanceof URL)
})
