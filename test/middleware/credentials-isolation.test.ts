import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, test } from 'node:test'
import express from '../support/express.ts'
import { bearer, type CredentialsProvider, getAuth, IdentityPool, UserPool } from '../../src/index.ts'
import { ana, ben, Browser, startApp, type TestApp } from '../support/app.ts'
import { identityOf, identityPoolId, issued, scriptedClient } from '../identity/scripted-client.ts'
import { idClaims, createSigner } from '../user-pool/signer.ts'

describe('credentials and whose they are', () => {
  let app: TestApp
  const handles: CredentialsProvider[] = []
  const tokens: string[] = []
  before(async () => {
    app = await startApp({
      local: { allowUnauthenticatedIdentities: true },
      routes: (routes, { userPool, identityPool }) => {
        routes.use('/api', bearer({ userPool, identityPool, tokenUse: 'id' }))
        routes.all(['/whoami', '/api/whoami'], async (req, res) => {
          const { claims, credentials, token } = getAuth(req)
          handles.push(credentials)
          tokens.push(token)
          res.json({ sub: claims.sub, identityId: (await credentials()).identityId })
        })
        routes.get('/only-id', async (req, res) => {
          res.json({ identityId: await getAuth(req).credentials.identityId() })
        })
      },
    })
  })
  after(() => app.close())
  beforeEach(() => {
    handles.length = 0
    app.local.requests.clear()
  })
  const count = (operation: Parameters<TestApp['local']['requests']['count']>[0]) =>
    app.local.requests.count(operation)
  const whoami = async (browser: Browser) =>
    (await (await browser.fetch('/whoami')).json()) as { sub: string; identityId: string }

  test('IC-09 no role comes from a request, and nothing but the enhanced flow is used', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const own = await whoami(browser)
    const admin = 'arn:aws:iam::000000000000:role/admin'
    const query = `?roleArn=${admin}&customRoleArn=${admin}&CustomRoleArn=${admin}`
    const again = await browser.post(`/whoami${query}`, {
      'x-role-arn': admin,
      'x-amz-custom-role-arn': admin,
    })
    assert.equal(((await again.json()) as { identityId: string }).identityId, own.identityId)
    assert.deepEqual([count('GetOpenIdToken'), count('AssumeRoleWithWebIdentity')], [0, 0])
    assert.deepEqual([count('GetId'), count('GetCredentialsForIdentity')], [1, 1])
  })

  test('the identity alone costs one GetId, and no credentials', async () => {
    const browser = new Browser(app)
    await browser.signIn(ben)
    const { identityId } = (await (await browser.fetch('/only-id')).json()) as { identityId: string }
    assert.deepEqual([count('GetId'), count('GetCredentialsForIdentity')], [1, 0])
    assert.equal((await whoami(browser)).identityId, identityId)
    assert.deepEqual([count('GetId'), count('GetCredentialsForIdentity')], [1, 1])
  })

  test('IC-21 in a browser where A signs out and B signs in, A’s handle rejects and never is B’s', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    const a = await whoami(browser)
    const [handle] = handles as [CredentialsProvider]
    const renewing = handle()
    const { headers } = await browser.post('/logout')
    // Cognito's own session ends as well, or it would be A who comes back.
    await browser.open(headers.get('location') as string)
    await browser.signIn(ben)
    const b = await whoami(browser)
    assert.notEqual(a.sub, b.sub)
    assert.notEqual(a.identityId, b.identityId)
    assert.equal((await renewing).identityId, a.identityId)
    for (let time = 0; time < 20; time += 1)
      await assert.rejects(handle(), { code: 'ERR_COGNITO_SESSION_ENDED' })
    await assert.rejects(handle.identityId(), { code: 'ERR_COGNITO_SESSION_ENDED' })
    await assert.rejects(handle.withRole('arn:aws:iam::000000000000:role/x')(), {
      code: 'ERR_COGNITO_SESSION_ENDED',
    })
  })

  test('a bearer’s handle rejects when the sign-in of its token has ended', async () => {
    const browser = new Browser(app)
    await browser.signIn(ana)
    await whoami(browser)
    const token = tokens.at(-1) as string
    const answer = await fetch(new URL('/api/whoami', app.url), {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(answer.status, 200)
    const handle = handles.at(-1) as CredentialsProvider
    await handle()
    await browser.post('/logout')
    await assert.rejects(handle(), { code: 'ERR_COGNITO_INVALID_TOKEN', reason: 'revoked' })
  })

  test('IC-24 two users who alternate on one connection for 1,000 requests are always themselves', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const users = await Promise.all(
      [ana, ben].map(async ({ username }) => {
        const token = await app.local.issueToken({ username, tokenUse: 'id' })
        const { sub } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as {
          sub: string
        }
        return { token, sub }
      }),
    )
    const ask = (token: string) =>
      new Promise<{ sub: string; identityId: string }>((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` }
        get(new URL('/api/whoami', app.url), { agent, headers }, (response) => {
          text(response).then((body) => resolve(JSON.parse(body) as never), reject)
        }).on('error', reject)
      })
    const identities = new Map<string, Set<string>>()
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const { token, sub } = users[index % 2] as { token: string; sub: string }
        return { sub, answer: await ask(token) }
      }),
    )
    agent.destroy()
    for (const { sub, answer } of answers) {
      assert.equal(answer.sub, sub)
      identities.set(sub, (identities.get(sub) ?? new Set()).add(answer.identityId))
    }
    const seen = [...identities.values()]
    assert.deepEqual(
      seen.map(({ size }) => size),
      [1, 1],
    )
    assert.equal(new Set(seen.flatMap((one) => [...one])).size, 2)
  })
})

test('IC-08 a token of the newer issuer goes to the pool’s own key, which comes from configuration', async () => {
  const signer = createSigner('key1')
  const userPool = new UserPool({
    userPoolId: 'eu-west-1_AbCdEf123',
    clientId: 'client',
    fetch: async () => Response.json({ keys: [signer.jwk] }),
  })
  const service = scriptedClient(({ operation }) =>
    operation === 'GetId'
      ? { IdentityId: identityOf(1) }
      : { IdentityId: identityOf(1), Credentials: issued('one') },
  )
  const identityPool = new IdentityPool({ identityPoolId, client: service.client })
  const iss = 'https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123'
  const token = signer.sign({ ...idClaims(userPool), iss })
  const app = express()
  app.use(bearer({ userPool, identityPool, tokenUse: 'id' }))
  app.get(
    '/',
    async (req, res) => void res.json({ identityId: (await getAuth(req).credentials()).identityId }),
  )
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    const { port } = server.address() as { port: number }
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(answer.status, 200)
    for (const { input } of service.calls)
      assert.deepEqual(Object.keys(input['Logins'] as object), [
        'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123',
      ])
  } finally {
    server.close()
  }
})
