/** The authorization code flow by hand: the pages in a browser, the requests in an HTTP client. */
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { startLocalCognito } from '../../../src/local/index.ts'
import { claimsOf } from '../../local/domain.ts'
import { Person } from '../../local/managed-login/person.ts'
import { rawRequest } from '../../support/raw-request.ts'

/** The console enters this one for a new traditional web application. */
const callbackURL = 'https://d84l1y8p4kdic.cloudfront.net'
const email = 'ana@example.com'
const temporary = 'Temp0rary!'
const password = 'Passw0rd!'
const userAgent = { 'user-agent': 'PostmanRuntime/7.43.0', accept: '*/*' }

/** A pool whose users sign in with e-mail addresses, an app client with a secret, and a user whom the console made. */
async function stage(t: TestContext) {
  const local = await startLocalCognito({
    userPoolId: 'ap-northeast-1_Local0001',
    userPool: { usernameAttributes: ['email'] },
    clients: [
      {
        clientId: 'web',
        clientSecret: 'secretOfTheWebApplication1',
        callbackURLs: [callbackURL],
        scopes: ['email', 'openid', 'phone'],
      },
    ],
  })
  const console = new CognitoIdentityProviderClient({
    region: 'ap-northeast-1',
    endpoint: local.url,
    credentials: local.awsCredentials,
  })
  t.after(async () => {
    console.destroy()
    await local.close()
  })
  await console.send(
    new AdminCreateUserCommand({
      UserPoolId: local.userPool.userPoolId,
      Username: email,
      TemporaryPassword: temporary,
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  )
  return local
}

/** The parameters as they stand in the address: a plus is a space. */
const query = `response_type=code&client_id=web&redirect_uri=${callbackURL}&state=abcdefg&scope=email+openid+phone`

/** The page that the console opens, and the password that the first sign-in asks for. */
async function firstSignIn(url: string): Promise<Person> {
  const loginPage = `${url}/login?client_id=web&redirect_uri=${callbackURL}&response_type=code&scope=email+openid+phone`
  const person = await new Person().go(loginPage)
  await person.submit({ username: email, password: temporary })
  assert.notEqual(person.page, '', 'the sign-in asks for a new password')
  return person.submit({ new_password: password, confirm_password: password })
}

test('the first sign-in asks for a new password and ends at the default callback URL', async (t) => {
  const local = await stage(t)
  const person = await firstSignIn(local.url)
  assert.equal(person.at.origin, callbackURL)
  assert.match(person.answer('code') ?? '', /^[\w-]{36}$/)
})

test('the authorization endpoint, asked without a browser, leads to a sign-in page with status 200', async (t) => {
  const local = await stage(t)
  const first = await rawRequest(new URL(`${local.url}/oauth2/authorize?${query}`), { headers: userAgent })
  assert.equal(first.status, 302)
  const page = await rawRequest(new URL(first.headers.get('location') ?? '', local.url), {
    headers: userAgent,
  })
  assert.equal(page.status, 200)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(await page.text(), /name="password"/)
})

for (const place of ['body', 'query string'] as const) {
  test(`the code is exchanged with the secret and the other parameters in the ${place}`, async (t) => {
    const local = await stage(t)
    await firstSignIn(local.url)
    // A private window: nobody is signed in there.
    const person = await new Person().go(`${local.url}/oauth2/authorize?${query}`)
    await person.submit({ username: email, password })
    assert.equal(person.at.origin, callbackURL)
    assert.equal(person.answer('state'), 'abcdefg')
    const parameters = new URLSearchParams({
      code: person.answer('code') ?? '',
      client_id: 'web',
      client_secret: local.userPool.clientSecret ?? '',
      grant_type: 'authorization_code',
      redirect_uri: callbackURL,
    })
    const response = await rawRequest(
      new URL(place === 'body' ? '/oauth2/token' : `/oauth2/token?${parameters.toString()}`, local.url),
      {
        method: 'POST',
        headers: { ...userAgent, 'Content-Type': 'application/x-www-form-urlencoded' },
        ...(place === 'body' ? { body: parameters.toString() } : {}),
      },
    )
    assert.equal(response.status, 200)
    const tokens = JSON.parse(await response.text())
    assert.deepEqual(Object.keys(tokens).sort(), [
      'access_token',
      'expires_in',
      'id_token',
      'refresh_token',
      'token_type',
    ])
    assert.equal(claimsOf(tokens.id_token)['email'], email)
    assert.deepEqual(String(claimsOf(tokens.access_token)['scope']).split(' ').sort(), [
      'email',
      'openid',
      'phone',
    ])
  })
}
