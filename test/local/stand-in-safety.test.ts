/** What keeps a local Cognito from being taken for, or ending up as, the real one. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { startLocalCognito } from '../../src/local/index.ts'
import { rawRequest } from '../support/raw-request.ts'
import { challenge, clientSecret, codeFor, exchange, post, start, verifier } from './domain.ts'
import { startPool } from './identity-pool-client.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('LS-03 only loopback addresses are listened on without dangerouslyExpose', async (t) => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost']) {
    const started = startLocalCognito({ host }).then((local) => local.close())
    await assert.rejects(started, { code: 'ERR_COGNITO_CONFIGURATION', message: /"host"/ })
  }
  const local = await startLocalCognito()
  t.after(() => local.close())
  assert.equal(new URL(local.url).hostname, '127.0.0.1')
})

test('LS-04 keys are made at each start, and no file of the package holds a private one', async (t) => {
  const [one, two] = await Promise.all([startLocalCognito(), startLocalCognito()])
  t.after(() => Promise.all([one.close(), two.close()]))
  const kids = [...one.jwks().keys, ...two.jwks().keys].map(({ kid }) => kid)
  assert.equal(new Set(kids).size, 4)
  const files = ['dist', 'docs'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
  )
  assert.notEqual(files.length, 0)
  const holders = files.filter((file) => /BEGIN [A-Z ]*PRIVATE KEY/.test(readFileSync(file, 'utf8')))
  assert.deepEqual(holders, [])
})

test('LS-05 a foreign Host is misdirected on every route, and does nothing', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const target = { 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminDeleteUser' }
  for (const host of ['evil.com', 'evil.com:80', '127.0.0.1.evil.com', 'localhost.evil.com']) {
    for (const [at, headers] of [
      ['/login', {}],
      ['/oauth2/token', {}],
      ['/', target],
      ['/files/a', {}],
    ] as const) {
      const response = await rawRequest(new URL(at, local.url), {
        method: 'POST',
        headers: { ...headers, host },
      })
      assert.equal(response.status, 421)
      assert.equal(response.headers.get('access-control-allow-origin'), null)
    }
  }
  assert.equal(local.requests.total(), 0)
})

test('LS-05 what a page elsewhere can send without asking reaches no operation of administrators', async (t) => {
  const local = await start()
  t.after(() => local.close())
  const body = JSON.stringify({ UserPoolId: local.userPool.userPoolId, Username: 'ana' })
  const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' }
  // Without a preflight a page cannot set the target; it can only post a text.
  const simple = await rawRequest(new URL('/', local.url), { method: 'POST', headers, body })
  assert.equal([400, 403, 405].includes(simple.status), true, `${simple.status}`)
  assert.equal(simple.headers.get('access-control-allow-origin'), null)
  for (const operation of ['AdminDeleteUser', 'AdminSetUserPassword', 'AdminCreateUser', 'ListUsers']) {
    const target = { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
    const asked = await rawRequest(new URL('/', local.url), {
      method: 'POST',
      headers: { ...headers, ...target },
      body,
    })
    assert.match(await asked.text(), /MissingAuthenticationTokenException/)
  }
  // The managed login is for its own pages: nothing there can be read from elsewhere.
  for (const at of ['/login', '/signup', '/logout', '/oauth2/authorize', '/pretend-provider']) {
    const page = await rawRequest(new URL(at, local.url), { headers: { origin: 'https://evil.example' } })
    assert.equal(page.headers.get('access-control-allow-origin'), null, at)
  }
})

test('LS-06 every answer says that it is local, and its AWS keys cannot be real ones', async (t) => {
  const pool = await startPool(t, { allowUnauthenticatedIdentities: true })
  const { local } = pool
  const { accessKeyId, sessionToken } = await pool.credentials()
  // Ids of AWS are base32, which has no 0.
  for (const id of [accessKeyId, local.awsCredentials.accessKeyId]) assert.match(id, /^A[KS]IA0LOCAL0/)
  assert.match(sessionToken, /^LocalCognitoSessionToken/)
  for (const [method, at] of [
    ['GET', '/'],
    ['GET', '/login'],
    ['GET', '/files/a'],
    ['POST', '/oauth2/token'],
    ['OPTIONS', '/'],
    ['GET', '/us-east-1_Local0001/.well-known/jwks.json'],
    ['GET', '/us-east-1_Local0001/none'],
  ] as const) {
    const response = await rawRequest(new URL(at, local.url), { method })
    assert.equal(response.headers.get('x-local-cognito'), 'true', `${method} ${at}`)
  }
  const misdirected = await rawRequest(new URL(local.url), { headers: { host: 'evil.com' } })
  assert.equal(misdirected.headers.get('x-local-cognito'), 'true')
})

test('LS-07 the package works when the files of the local Cognito are deleted', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'without-local-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(path.join(root, 'dist'), path.join(folder, 'dist'), { recursive: true })
  cpSync(path.join(root, 'package.json'), path.join(folder, 'package.json'))
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  rmSync(path.join(folder, 'dist/local'), { recursive: true })
  const script = `
    const { UserPool, IdentityPool } = await import('./dist/index.js')
    const pool = new UserPool({ userPoolId: 'us-east-1_abc', clientId: 'client1', domain: 'example' })
    new IdentityPool({ identityPoolId: 'us-east-1:00000000-0000-4000-8000-000000000000' })
    console.log(pool.region)`
  const args = ['--input-type=module', '--eval', script]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  assert.equal(stdout, 'us-east-1\n', stderr)
})

type Body = Record<string, string | undefined>

test('LS-08 what Cognito refuses at the token endpoint is refused with the same error, twelve times', async (t) => {
  const rotating = { clientId: 'rotating1', refreshTokenRotation: { retryGracePeriodSeconds: 0 } }
  const local = await start({
    clients: [{ clientId: 'public1' }, { clientId: 'confidential1', clientSecret }, rotating],
  })
  t.after(() => local.close())
  const withChallenge = () => codeFor(local, { code_challenge: challenge, code_challenge_method: 'S256' })
  const used = await codeFor(local)
  assert.equal((await exchange(local, { code: used })).status, 200)
  const confidential = { client_id: 'confidential1' }
  const rotated = await exchange(local, {
    code: await codeFor(local, { client_id: 'rotating1' }),
    client_id: 'rotating1',
  })
  const refresh = { grant_type: 'refresh_token', refresh_token: String(rotated.body['refresh_token']) }
  assert.equal((await post(local, '/oauth2/token', { ...refresh, client_id: 'rotating1' })).status, 200)
  const negatives: [string, Body, string][] = [
    ['no verifier', { code: await withChallenge() }, 'invalid_grant'],
    ['a wrong verifier', { code: await withChallenge(), code_verifier: `${verifier}x` }, 'invalid_grant'],
    ['a used code', { code: used }, 'invalid_grant'],
    ['an unknown code', { code: 'none' }, 'invalid_grant'],
    ["another client's code", { code: await codeFor(local), client_id: 'rotating1' }, 'invalid_grant'],
    [
      'another redirect URI',
      { code: await codeFor(local), redirect_uri: 'http://localhost:3000/callback/' },
      'unauthorized_client',
    ],
    ['no secret', { code: await codeFor(local, confidential), ...confidential }, 'invalid_client'],
    [
      'a wrong secret',
      { code: await codeFor(local, confidential), ...confidential, client_secret: 'wrong' },
      'invalid_client',
    ],
    ['an unknown client', { code: await codeFor(local), client_id: 'none' }, 'invalid_client'],
    ['a rotated refresh token', { ...refresh, client_id: 'rotating1' }, 'invalid_grant'],
  ]
  for (const [what, changes, expected] of negatives) {
    const { status, body } = await exchange(local, changes)
    assert.deepEqual([status, body['error']], [400, expected], what)
  }
  const idToken = await local.issueToken({ tokenUse: 'id', username: 'ana' })
  const foreign = await local.issueToken({
    tokenUse: 'access',
    username: 'ana',
    claims: { iss: 'https://evil.example' },
  })
  for (const token of [idToken, foreign]) {
    const response = await fetch(`${local.url}/oauth2/userInfo`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(response.status, 401)
  }
})

test('LS-08 an ID token of another audience, and an access token in its place, open no identity', async (t) => {
  const { local, getId } = await startPool(t)
  const provider = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_Local0001'
  for (const token of [
    await local.issueToken({ tokenUse: 'id', claims: { aud: 'other' } }),
    await local.issueToken({ tokenUse: 'access' }),
  ])
    await assert.rejects(getId({ [provider]: token }), { name: 'NotAuthorizedException' })
})
