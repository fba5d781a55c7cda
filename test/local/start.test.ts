import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { inspect } from 'node:util'
import { startLocalCognito, type LocalCognitoOptions } from '../../src/local/index.ts'
import { ana, clientSecret, start } from './domain.ts'

const refused = (named: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Error)
  assert.equal(error.name, 'ConfigurationError')
  assert.equal((error as { code?: unknown }).code, 'ERR_COGNITO_CONFIGURATION')
  assert.match(error.message, named)
  return true
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

for (const environment of ['production', 'prod', ' Production', 'PROD ']) {
  test(`LS-01 it refuses to start with NODE_ENV=${JSON.stringify(environment)}, and no port is opened`, async (t) => {
    const before = process.env['NODE_ENV']
    t.after(() => {
      if (before === undefined) delete process.env['NODE_ENV']
      else process.env['NODE_ENV'] = before
    })
    process.env['NODE_ENV'] = environment
    const port = await freePort()
    // Closed when it starts after all, so that the failure shows instead of a test that never ends.
    const started = startLocalCognito({ port }).then((local) => local.close())
    await assert.rejects(started, refused(/NODE_ENV/))
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
  })
}

const wrong: [string, unknown, RegExp][] = [
  ['an unknown option', { user: [] }, /"options\.user"/],
  ['a port out of range', { port: 70_000 }, /"port"/],
  ['an address that others can reach', { host: '0.0.0.0' }, /"host"/],
  ['a pool id that JWT libraries refuse', { userPoolId: 'local_abc' }, /"userPoolId"/],
  ['an identity pool id without a Region', { identityPoolId: 'abc' }, /"identityPoolId"/],
  ['an issuer with a trailing slash', { issuer: 'http://127.0.0.1/' }, /"issuer"/],
  ['users that are no array', { users: {} }, /"users"/],
  ['a user without a password', { users: [{ username: 'ana' }] }, /"users\[0\]\.password"/],
  ['the same user twice', { users: [ana, ana] }, /"users\[\]\.username"/],
  ['an unknown status', { users: [{ ...ana, status: 'NEW' }] }, /"users\[0\]\.status"/],
  [
    'an attribute that is no string',
    { users: [{ ...ana, attributes: { a: 1 } }] },
    /"users\[0\]\.attributes\.a"/,
  ],
  [
    'an attribute that would replace a claim',
    { users: [{ ...ana, attributes: { sub: 'x' } }] },
    /attributes\.sub/,
  ],
  [
    'an attribute that Cognito does not have',
    { users: [{ ...ana, attributes: { mail: 'x' } }] },
    /"users\[0\]\.attributes\.mail"/,
  ],
  [
    'a custom attribute without a name',
    { users: [{ ...ana, attributes: { 'custom:': '' } }] },
    /"users\[0\]/,
  ],
  [
    'an attribute that is too long',
    { users: [{ ...ana, attributes: { name: 'x'.repeat(2049) } }] },
    /"users\[0\]\.attributes\.name"/,
  ],
  [
    'one sub for two users',
    {
      users: [
        { ...ana, sub: 'a' },
        { ...ana, username: 'bo', sub: 'a' },
      ],
    },
    /"users\[\]\.sub"/,
  ],
  ['an unknown client option', { clients: [{ secret: 'x' }] }, /"clients\[0\]\.secret"/],
  ['an empty client secret', { clients: [{ clientSecret: '' }] }, /"clients\[0\]\.clientSecret"/],
  ['the same client twice', { clients: [{ clientId: 'a' }, { clientId: 'a' }] }, /"clients\[\]\.clientId"/],
  [
    'a callback URL on plain http',
    { clients: [{ callbackURLs: ['http://a.example/cb'] }] },
    /callbackURLs\[0\]/,
  ],
  [
    'a callback URL with a fragment',
    { clients: [{ callbackURLs: ['https://a.example/#x'] }] },
    /callbackURLs\[0\]/,
  ],
  ['a callback URL that runs', { clients: [{ callbackURLs: ['javascript:alert(1)'] }] }, /callbackURLs\[0\]/],
  ...[
    'https:/a.example/cb',
    'https:///a.example/cb',
    'https:a.example',
    'http:/localhost/cb',
    'myapp:callback',
    'myapp://',
    '//a.example/cb',
    '/callback',
    'localhost:3000/callback',
    'https://',
  ].map((url): [string, unknown, RegExp] => [
    `the callback URL ${url}`,
    { clients: [{ callbackURLs: [url] }] },
    /callbackURLs\[0\]/,
  ]),
  ['a client without any scope', { clients: [{ scopes: [] }] }, /"clients\[0\]\.scopes"/],
  ...['oauth2', 'login', 'logout', 'error'].map((bucket): [string, unknown, RegExp] => [
    `a bucket where /${bucket} is`,
    { bucket },
    /"bucket"/,
  ]),
  ['an unknown flow', { clients: [{ explicitAuthFlows: ['PASSWORD'] }] }, /explicitAuthFlows\[0\]/],
  [
    'rotation beside the refresh flow of the API',
    { clients: [{ refreshTokenRotation: {}, explicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] }] },
    /refreshTokenRotation/,
  ],
  [
    'a grace period over a minute',
    { clients: [{ refreshTokenRotation: { retryGracePeriodSeconds: 61 } }] },
    /Seconds/,
  ],
  ['a validity of zero', { clients: [{ accessTokenValiditySeconds: 0 }] }, /accessTokenValiditySeconds/],
]
for (const [what, options, named] of wrong) {
  test(`${what} is refused by name`, async () => {
    await assert.rejects(startLocalCognito(options as LocalCognitoOptions), refused(named))
  })
}

test('callback URLs may be https, http on loopback, and of a custom scheme', async () => {
  const callbackURLs = [
    'https://a.example',
    'http://[::1]:3000/cb',
    'http://127.0.0.1/',
    'com.example.app://cb',
  ]
  const attributes = { given_name: 'Ana', 'custom:plan-ö': '7', phone_number_verified: 'true' }
  const local = await startLocalCognito({ clients: [{ callbackURLs }], users: [{ ...ana, attributes }] })
  await local.close()
})

test('a refused option does not repeat its value', async () => {
  await assert.rejects(startLocalCognito({ clients: [{ clientSecret: 'with space' }] }), (error: Error) => {
    assert.doesNotMatch(error.message, /with space/)
    return true
  })
})

test('what is logged of it holds no secret, password or key', async (t) => {
  const local = await start({ clients: [{ clientId: 'confidential1', clientSecret }] })
  t.after(() => local.close())
  for (const shown of [inspect(local, { depth: 10 }), JSON.stringify(inspect([local]))]) {
    for (const secret of [clientSecret, ana.password, 'PRIVATE']) assert.equal(shown.includes(secret), false)
  }
})

test('two starts have four different keys', async (t) => {
  const [one, other] = await Promise.all([start(), start()])
  t.after(() => Promise.all([one.close(), other.close()]))
  const keys = [...one.jwks().keys, ...other.jwks().keys]
  assert.equal(new Set(keys.map((key) => key['kid'])).size, 4)
  assert.ok(keys.every((key) => key.d === undefined && key.kty === 'RSA'))
})

test('a user keeps its sub over restarts', async (t) => {
  const subs = []
  for (let round = 0; round < 2; round += 1) {
    const local = await start()
    t.after(() => local.close())
    const token = await local.issueToken({ tokenUse: 'id', username: 'ana' })
    subs.push(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub)
  }
  assert.equal(subs[0], subs[1])
})

test('close ends a request that hangs, and may be called twice', async () => {
  const local = await start()
  local.fail('discovery', 'hang')
  const pending = assert.rejects(
    fetch(`${local.url}/${local.userPool.userPoolId}/.well-known/openid-configuration`),
  )
  while (local.requests.total() === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await Promise.all([local.close(), local.close()])
  await pending
  await local.close()
})

test('a port that is taken rejects', async (t) => {
  const local = await start()
  t.after(() => local.close())
  await assert.rejects(start({ port: Number(new URL(local.url).port) }), { code: 'EADDRINUSE' })
})

test('every response says that it is local', async (t) => {
  const local = await start()
  t.after(() => local.close())
  for (const path of ['/', '/login', '/nowhere/at-all', '/oauth2/nothing', '/error', '/%']) {
    const response = await fetch(local.url + path, { redirect: 'manual' })
    assert.equal(response.headers.get('x-local-cognito'), 'true', path)
    await response.arrayBuffer()
  }
})

/** The status of a GET with a `Host` header of one's own. */
async function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/error`, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject).end()
  })
}

test('a Host that is no loopback name gets 421', async (t) => {
  const local = await start()
  t.after(() => local.close())
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1']) {
    assert.equal(await statusWithHost(local.url, host), 421, host)
  }
  for (const host of ['localhost:9', '127.0.0.1', '[::1]:9229']) {
    assert.equal(await statusWithHost(local.url, host), 400, host)
  }
})

test('exposed on purpose, it takes any Host', async (t) => {
  const local = await start({ dangerouslyExpose: true })
  t.after(() => local.close())
  assert.equal(await statusWithHost(local.url, 'cognito.test'), 400)
})

test('a form over 1 MB is refused unread', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const response = await fetch(`${local.url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'x'.repeat(2 ** 20) }),
  })
  assert.equal(response.status, 413)
})
