import assert from 'node:assert/strict'
import test from 'node:test'
import { browse } from '../../support/login-form.ts'
import { ana, authorizeUrl, callbackURL, exchange, sessionCookie } from '../domain.ts'
import { Person } from '../managed-login/person.ts'
import { atProvider, claimsFor, google, harbour, startWithProviders } from './providers.ts'

test('identity_provider leads past the login page, and a chosen person comes back as a user of the pool', async (t) => {
  const local = await startWithProviders(t)
  const person = await atProvider(local, { identity_provider: 'Google', scope: 'openid email profile' })
  assert.equal(person.heading, 'Sign in with Google')
  await person.submit({ person: '0' })
  assert.equal(person.at.origin + person.at.pathname, callbackURL)
  assert.equal(person.answer('state'), 'state1')
  const { identities, ...claims } = await claimsFor(local, person)
  assert.deepEqual(
    [claims['cognito:username'], claims['email'], claims['email_verified'], claims['name'], claims['nonce']],
    ['Google_104857', 'gita@example.com', false, 'Gita Rao', 'nonce1'],
  )
  assert.deepEqual(claims['cognito:groups'], ['us-east-1_Local0001_Google'])
  const [identity] = identities as Record<string, unknown>[]
  assert.match(String(identity?.['dateCreated']), /^\d{13}$/)
  assert.deepEqual(identity, {
    dateCreated: identity?.['dateCreated'],
    userId: '104857',
    providerName: 'Google',
    providerType: 'Google',
    issuer: null,
    primary: 'true',
  })
})

test('idp_identifier names a provider too, whose claims become the attributes that the mapping says', async (t) => {
  const local = await startWithProviders(t)
  const person = await atProvider(local, {
    idp_identifier: 'harbour.example',
    scope: 'openid',
    login_hint: 'hana@harbour.example',
  })
  assert.equal(person.heading, 'Sign in with Harbour')
  assert.match(person.page, /id="sub"[^>]*value="hana@harbour\.example"/)
  await person.submit({
    sub: 'h-1',
    'claim.mail': 'hana@harbour.example',
    'claim.berth': '12',
    'claim.mail_verified': 'true',
  })
  const claims = await claimsFor(local, person)
  assert.deepEqual(
    [claims['cognito:username'], claims['email'], claims['email_verified'], claims['custom:berth']],
    ['Harbour_h-1', 'hana@harbour.example', true, '12'],
  )
  assert.equal((claims['identities'] as { issuer: string }[])[0]?.issuer, 'https://id.harbour.example')
})

test('the same person is the same user, with the attributes of the last sign-in, and can be chosen', async (t) => {
  const local = await startWithProviders(t)
  const typed = { sub: 'h-1', 'claim.mail': 'old@harbour.example' }
  const first = await claimsFor(
    local,
    await (await atProvider(local, { identity_provider: 'Harbour' })).submit(typed),
  )
  const again = await atProvider(local, { identity_provider: 'Harbour' })
  assert.match(again.page, /h-1/)
  await again.submit({ ...typed, 'claim.mail': 'new@harbour.example' })
  const second = await claimsFor(local, again)
  assert.equal(second['sub'], first['sub'])
  assert.equal(second['email'], 'new@harbour.example')
  const chosen = await (await atProvider(local, { identity_provider: 'Harbour' })).submit({ person: '0' })
  assert.equal((await claimsFor(local, chosen))['sub'], first['sub'])
})

test('a nonce is invented where the app sent none, and only for people of providers', async (t) => {
  const local = await startWithProviders(t)
  const without = { nonce: undefined }
  const foreign = await (
    await atProvider(local, { ...without, identity_provider: 'Google' })
  ).submit({ person: '1' })
  assert.match(String((await claimsFor(local, foreign))['nonce']), /^[\w-]{43}$/)
  const own = await (await new Person().go(authorizeUrl(local, without))).submit(ana)
  assert.equal((await claimsFor(local, own))['nonce'], undefined)
})

test('the browser is signed in for an hour, and the sign-in can be refreshed', async (t) => {
  const local = await startWithProviders(t)
  const person = await (await atProvider(local, { identity_provider: 'Google' })).submit({ person: '0' })
  const { body } = await exchange(local, { code: person.answer('code') ?? '' })
  const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) }
  assert.equal((await exchange(local, refresh)).status, 200)
  await person.go(authorizeUrl(local, { prompt: 'none' }))
  assert.notEqual(person.answer('code'), null)
  local.clock.advance(3601)
  await person.go(authorizeUrl(local, { prompt: 'none' }))
  assert.equal(person.answer('error'), 'login_required')
})

test('userInfo and GetUser have the identities as a string, and the user as one of a provider', async (t) => {
  const local = await startWithProviders(t)
  const scope = 'openid profile aws.cognito.signin.user.admin'
  const person = await (
    await atProvider(local, { identity_provider: 'Google', scope })
  ).submit({ person: '0' })
  const { body } = await exchange(local, { code: person.answer('code') ?? '' })
  const accessToken = String(body['access_token'])
  const info = await fetch(`${local.url}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  const { identities, username } = (await info.json()) as Record<string, string>
  assert.equal(username, 'Google_104857')
  assert.equal((JSON.parse(identities ?? '') as { userId: string }[])[0]?.userId, '104857')
})

for (const [answer, description] of [
  ['cancel', 'Google Error - 400 access_denied The user denied the request'],
  ['fail', 'Google Error - 400 server_error The provider is out of order'],
] as const) {
  test(`a provider that answers with "${answer}" comes back as invalid_request, with its words`, async (t) => {
    const local = await startWithProviders(t)
    const person = await (await atProvider(local, { identity_provider: 'Google' })).submit({ answer })
    assert.deepEqual(Object.fromEntries(person.at.searchParams), {
      error: 'invalid_request',
      error_description: description,
      state: 'state1',
    })
    assert.equal(person.jar.get(new URL(local.url), sessionCookie(local)), undefined)
  })
}

const immutable = { name: 'email', mutable: false }
for (const [what, userPool, person, description] of [
  [
    'lacks a required attribute',
    { schema: [{ name: 'email', required: true }] },
    '1',
    'attributes required: [email]',
  ],
  [
    'may not change an attribute',
    { schema: [immutable] },
    '0',
    'Invalid user attributes: email: Attribute cannot be updated.',
  ],
] as const) {
  test(`a person who ${what} is refused with "${description}"`, async (t) => {
    const providers = { identityProviders: [{ ...google, attributeMapping: { email: 'email' } }] }
    const local = await startWithProviders(t, { ...providers, schema: [...userPool.schema] })
    const tried = await (await atProvider(local, { identity_provider: 'Google' })).submit({ person })
    // An attribute that cannot change may be there at the first sign-in.
    const refused =
      tried.answer('error') === null
        ? await (await atProvider(local, { identity_provider: 'Google' })).submit({ person })
        : tried
    assert.equal(refused.answer('error'), 'invalid_request')
    assert.equal(refused.answer('error_description'), description)
  })
}

test('an account that is linked to a user of the pool signs that user in', async (t) => {
  const local = await startWithProviders(
    t,
    {},
    {},
    { linkedProviders: [{ providerName: 'Google', userId: '104857' }] },
  )
  const person = await (await atProvider(local, { identity_provider: 'Google' })).submit({ person: '0' })
  const claims = await claimsFor(local, person)
  assert.equal(claims['cognito:username'], 'ana')
  assert.equal(claims['cognito:groups'], undefined)
  assert.equal((claims['identities'] as { primary: string }[])[0]?.primary, 'false')
  const own = await (await new Person().go(authorizeUrl(local))).submit(ana)
  assert.equal((await claimsFor(local, own))['sub'], claims['sub'])
})

test('a value that the schema does not take is refused', async (t) => {
  const local = await startWithProviders(t)
  const person = await atProvider(local, { identity_provider: 'Harbour' })
  await person.submit({ sub: 'h-1', 'claim.mail': 'no address' })
  assert.equal(
    person.answer('error_description'),
    'Invalid user attributes: email: Invalid email address format.',
  )
})

test('the pre sign-up trigger sees an external provider, and may refuse', async (t) => {
  const sources: string[] = []
  const triggers: NonNullable<Parameters<typeof startWithProviders>[1]>['triggers'] = {
    preSignUp: (event) => {
      sources.push(`${event.triggerSource} ${event.userName}`)
      if (event.userName.endsWith('_2')) throw new Error('no twos')
      return event
    },
    postConfirmation: (event) => (sources.push(event.triggerSource), event),
    postAuthentication: (event) => (sources.push(event.triggerSource), event),
  }
  const local = await startWithProviders(t, { triggers })
  const refused = await (await atProvider(local, { identity_provider: 'Google' })).submit({ person: '1' })
  assert.equal(refused.answer('error_description'), 'PreSignUp failed with error no twos.')
  for (let count = 0; count < 2; count += 1) {
    await (await atProvider(local, { identity_provider: 'Google' })).submit({ person: '0' })
  }
  assert.deepEqual(sources, [
    'PreSignUp_ExternalProvider Google_2',
    'PreSignUp_ExternalProvider Google_104857',
    'PostConfirmation_ConfirmSignUp',
    'PostAuthentication_Authentication',
  ])
})

test('a subject that is none is asked for again', async (t) => {
  const local = await startWithProviders(t)
  const person = await atProvider(local, { identity_provider: 'Harbour' })
  for (const sub of ['', 'two words', 'x'.repeat(91)]) {
    await person.submit({ sub })
    assert.match(person.alert, /^The subject must be/)
  }
})

test('an answer of a provider counts once, in the browser that was sent there, for five minutes', async (t) => {
  const local = await startWithProviders(t)
  const person = await atProvider(local, { identity_provider: 'Google' })
  const page = person.at
  const stranger = await new Person().go(page)
  assert.equal(stranger.status, 400)
  assert.match(stranger.alert, /invalid_state/)
  const state = page.searchParams.get('state') ?? ''
  const answer = new URL(`${local.url}/oauth2/idpresponse?state=${state}&error=access_denied`)
  assert.equal((await browse(stranger.jar, answer)).status, 400)
  assert.equal((await browse(person.jar, answer)).status, 302)
  assert.equal((await browse(person.jar, answer)).status, 400)
  const late = await atProvider(local, { identity_provider: 'Google' })
  local.clock.advance(301)
  await late.submit({ person: '0' })
  assert.equal(late.status, 400)
})

test('a code of one provider, or none, is nobody', async (t) => {
  const local = await startWithProviders(t)
  for (const code of ['', '&code=unknown']) {
    const person = await atProvider(local, { identity_provider: 'Google' })
    const state = person.at.searchParams.get('state') ?? ''
    await person.go(`${local.url}/oauth2/idpresponse?state=${state}${code}`)
    assert.equal(person.answer('error'), 'invalid_request')
  }
})

test('a form from elsewhere is refused by the provider’s page', async (t) => {
  const local = await startWithProviders(t)
  const person = await atProvider(local, { identity_provider: 'Google' })
  await person.submit({ person: '0', csrf: 'x' })
  assert.equal(person.status, 403)
})

test('the login page offers what the client has', async (t) => {
  const local = await startWithProviders(t)
  const person = await new Person().go(authorizeUrl(local))
  assert.equal(person.link('Continue with Google').searchParams.get('identity_provider'), 'Google')
  await person.go(person.link('Continue with Harbour'))
  assert.equal(person.heading, 'Sign in with Harbour')
  assert.equal(person.at.searchParams.get('client_id'), 'cognito-at-harbour')
})

test('a client with providers only has no password form, and one with a single provider no login page', async (t) => {
  const both = await startWithProviders(t, {}, { supportedIdentityProviders: ['Google', 'Harbour'] })
  const person = await new Person().go(authorizeUrl(both))
  assert.doesNotMatch(person.page, /<form/)
  assert.ok(person.link('Continue with Google'))
  const single = await startWithProviders(t, {}, { supportedIdentityProviders: ['Harbour'] })
  assert.equal((await new Person().go(authorizeUrl(single))).heading, 'Sign in with Harbour')
  const without = await startWithProviders(t, {}, { supportedIdentityProviders: ['COGNITO'] })
  assert.doesNotMatch((await new Person().go(authorizeUrl(without))).page, /Continue with/)
  await person.go(authorizeUrl(without, { identity_provider: 'Google' }))
  assert.equal(person.answer('error'), 'invalid_request')
})

test('people of providers have no password: neither the page nor the API lets them in with one', async (t) => {
  const local = await startWithProviders(t)
  await (await atProvider(local, { identity_provider: 'Google' })).submit({ person: '0' })
  for (const password of ['', 'undefined', 'Passw0rd!']) {
    const person = await new Person().go(authorizeUrl(local))
    await person.submit({ username: 'Google_104857', password })
    assert.equal(person.alert, 'Incorrect username or password.')
  }
})

test('no second factor is asked for after a provider', async (t) => {
  const local = await startWithProviders(t, { mfaConfiguration: 'ON' })
  const person = await (await atProvider(local, { identity_provider: 'Google' })).submit({ person: '0' })
  assert.notEqual(person.answer('code'), null)
})

test('nothing that a provider’s page reflects can leave its place', async (t) => {
  const attack = `"><script>alert(1)</script>`
  const identityProviders = [{ ...harbour, people: [{ sub: 'x', name: attack }] }]
  const local = await startWithProviders(t, { identityProviders })
  const person = await atProvider(local, { identity_provider: 'Harbour', login_hint: attack, state: attack })
  assert.doesNotMatch(person.page, /<script/)
  await person.submit({ sub: attack, 'claim.mail': attack })
  assert.doesNotMatch(person.page, /<script/)
})
