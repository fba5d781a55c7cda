import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import test, { type TestContext } from 'node:test'
import {
  CompleteWebAuthnRegistrationCommand,
  DeleteWebAuthnCredentialCommand,
  GetUserAuthFactorsCommand,
  ListWebAuthnCredentialsCommand,
  SetUserMFAPreferenceCommand,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { LocalUserPool } from '../../../src/local/index.ts'
import { SoftwareAuthenticator, type Tampering } from '../../support/authenticator.ts'
import { allFlows, ana, invalid, invalidSession, notAuthorized, refused, stage, type Stage } from './stage.ts'

const origin = 'http://localhost:3000'
const policies = {
  signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] },
} satisfies LocalUserPool['policies']
const badPasskey = 'Invalid passkey credential.'

interface PasskeyStage extends Stage {
  tokenOf(username?: string, clientId?: string): Promise<string>
  start(accessToken: string): Promise<unknown>
  complete(accessToken: string, credential: object): Promise<unknown>
  /** A passkey of ana. */
  registered(authenticator?: SoftwareAuthenticator): Promise<SoftwareAuthenticator>
  /** The question, and its options. */
  asked(username?: string): Promise<{ options: Record<string, unknown>; session: string | undefined }>
  answer(session: string | undefined, credential: object, username?: string): ReturnType<Stage['respond']>
}

async function passkeyStage(
  t: Pick<TestContext, 'after'>,
  userPool: LocalUserPool = {},
): Promise<PasskeyStage> {
  const on = await stage(t, {
    userPool: { policies, ...userPool },
    users: [ana, { username: 'ben', password: ana.password }],
    clients: [
      { clientId: 'public1', explicitAuthFlows: allFlows },
      { clientId: 'public2', explicitAuthFlows: allFlows },
    ],
  })
  const tokenOf: PasskeyStage['tokenOf'] = async (USERNAME = 'ana', clientId = 'public1') => {
    const parameters = { USERNAME, PASSWORD: ana.password }
    const { AuthenticationResult } = await on.initiate('USER_PASSWORD_AUTH', parameters, { clientId })
    return AuthenticationResult?.AccessToken ?? assert.fail('no tokens')
  }
  const start: PasskeyStage['start'] = async (AccessToken) =>
    (await on.sdk.send(new StartWebAuthnRegistrationCommand({ AccessToken }))).CredentialCreationOptions
  const complete: PasskeyStage['complete'] = (AccessToken, credential) =>
    on.sdk.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential: credential as never }))
  return {
    ...on,
    tokenOf,
    start,
    complete,
    async registered(authenticator = new SoftwareAuthenticator(origin)) {
      const token = await tokenOf()
      await complete(token, authenticator.create(await start(token)))
      return authenticator
    },
    async asked(USERNAME = 'ana') {
      const question = await on.initiate('USER_AUTH', { USERNAME, PREFERRED_CHALLENGE: 'WEB_AUTHN' })
      assert.equal(question.ChallengeName, 'WEB_AUTHN')
      const options = JSON.parse(question.ChallengeParameters?.['CREDENTIAL_REQUEST_OPTIONS'] ?? '') as never
      return { options, session: question.Session }
    },
    answer: (session, credential, USERNAME = 'ana') =>
      on.respond('WEB_AUTHN', { USERNAME, CREDENTIAL: JSON.stringify(credential) }, session),
  }
}

for (const algorithm of ['ES256', 'RS256'] as const) {
  test(`a passkey of ${algorithm} is registered, listed, signs in, and signs in no more when it is deleted`, async (t) => {
    const on = await passkeyStage(t)
    const authenticator = await on.registered(new SoftwareAuthenticator(origin, algorithm))
    for (let time = 0; time < 2; time += 1) {
      const { options, session } = await on.asked()
      assert.deepEqual(options['allowCredentials'], [
        { type: 'public-key', id: authenticator.id, transports: ['internal'] },
      ])
      assert.equal(options['rpId'], 'localhost')
      const { AuthenticationResult } = await on.answer(session, authenticator.get(options))
      assert.notEqual(AuthenticationResult?.AccessToken, undefined)
    }
    const AccessToken = await on.tokenOf()
    const { Credentials } = await on.sdk.send(new ListWebAuthnCredentialsCommand({ AccessToken }))
    const [{ CreatedAt, ...passkey } = {}, ...others] = Credentials ?? []
    assert.ok(CreatedAt instanceof Date)
    assert.deepEqual(passkey, {
      CredentialId: authenticator.id,
      FriendlyCredentialName: 'Passkey 1',
      RelyingPartyId: 'localhost',
      AuthenticatorAttachment: 'platform',
      AuthenticatorTransports: ['internal'],
    })
    assert.deepEqual(others, [])
    const { options, session } = await on.asked()
    const removal = new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId: authenticator.id })
    await on.sdk.send(removal)
    await refused(on.answer(session, authenticator.get(options)), notAuthorized, badPasskey)
    await refused(on.sdk.send(removal), 'ResourceNotFoundException', 'Passkey does not exist.')
    const question = await on.initiate('USER_AUTH', { USERNAME: 'ana', PREFERRED_CHALLENGE: 'WEB_AUTHN' })
    assert.deepEqual(question.AvailableChallenges, ['PASSWORD', 'PASSWORD_SRP'])
  })
}

test('the options of a registration are those that a browser takes, and exclude the passkeys that there are', async (t) => {
  const on = await passkeyStage(t, { webAuthnConfiguration: { userVerification: 'required' } })
  const { id } = await on.registered()
  const options = (await on.start(await on.tokenOf())) as Record<string, unknown>
  assert.equal(Buffer.from(String(options['challenge']), 'base64url').length, 32)
  assert.deepEqual(options['rp'], { id: 'localhost', name: 'localhost' })
  assert.deepEqual(options['pubKeyCredParams'], [
    { type: 'public-key', alg: -7 },
    { type: 'public-key', alg: -257 },
  ])
  assert.equal(options['attestation'], 'none')
  assert.deepEqual(options['authenticatorSelection'], {
    requireResidentKey: true,
    residentKey: 'required',
    userVerification: 'required',
  })
  assert.deepEqual(options['excludeCredentials'], [{ type: 'public-key', id, transports: ['internal'] }])
})

const malformed = [invalid, 'The passkey credential is not valid.'] as const
const wrongOrigin = [
  'WebAuthnOriginNotAllowedException',
  'The origin does not belong to the relying party of the user pool.',
] as const
const unsupported = [
  'WebAuthnCredentialNotSupportedException',
  'The passkey is of a kind that is not supported.',
] as const
const noChallenge = [
  'WebAuthnChallengeNotFoundException',
  'The passkey registration has expired or was not started.',
] as const
const registrations: [what: string, tampering: Tampering, refusal: readonly [string, string]][] = [
  ['from another site', { origin: 'https://evil.example' }, wrongOrigin],
  ['from a site whose name ends alike', { origin: 'http://evillocalhost:3000' }, wrongOrigin],
  ['in a frame of another site', { crossOrigin: true }, wrongOrigin],
  ['from what is no origin', { origin: 'http://localhost:3000/path' }, wrongOrigin],
  [
    'for another relying party',
    { rpId: 'example.com' },
    ['WebAuthnRelyingPartyMismatchException', 'The passkey is for another relying party.'],
  ],
  ['with another challenge', { challenge: 'AAAA' }, noChallenge],
  ['that is a sign-in', { type: 'webauthn.get' }, malformed],
  ['without the user’s presence', { userPresent: false }, malformed],
  ['with a statement where none was asked for', { attStmt: new Map([['x', 1]]) }, malformed],
  ['with an attestation that nobody checks', { fmt: 'packed' }, unsupported],
  ['with a key of another kind', { algorithm: -8 }, unsupported],
  ['whose id is not the one that was attested', { id: Buffer.alloc(16).toString('base64url') }, malformed],
]
for (const [what, tampering, [name, message]] of registrations) {
  test(`a registration ${what} is refused, and uses its challenge up`, async (t) => {
    const on = await passkeyStage(t)
    const token = await on.tokenOf()
    const authenticator = new SoftwareAuthenticator(origin)
    const options = await on.start(token)
    await refused(on.complete(token, authenticator.create(options, tampering)), name, message)
    await refused(on.complete(token, authenticator.create(options)), ...noChallenge)
    const { Credentials } = await on.sdk.send(new ListWebAuthnCredentialsCommand({ AccessToken: token }))
    assert.deepEqual(Credentials, [])
  })
}

test('an authenticator that does not verify its user is refused where that is required', async (t) => {
  const on = await passkeyStage(t, { webAuthnConfiguration: { userVerification: 'required' } })
  const token = await on.tokenOf()
  const unverified = new SoftwareAuthenticator(origin).create(await on.start(token), { userVerified: false })
  await refused(on.complete(token, unverified), ...unsupported)
  const authenticator = await on.registered()
  const { options, session } = await on.asked()
  const assertion = authenticator.get(options, { userVerified: false })
  await refused(on.answer(session, assertion), notAuthorized, badPasskey)
})

test('an RSA key below 2048 bits is refused', async (t) => {
  const on = await passkeyStage(t)
  const token = await on.tokenOf()
  const weak = new SoftwareAuthenticator(origin, 'RS256', 1024).create(await on.start(token))
  await refused(on.complete(token, weak), ...unsupported)
})

test('bytes that are no CBOR, however they are broken, are refused as such', async (t) => {
  const on = await passkeyStage(t)
  const token = await on.tokenOf()
  const whole = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746140', 'hex')
  const broken = [
    ...Array.from(whole, (_, length) => whole.subarray(0, length)),
    Buffer.concat([whole, Buffer.of(0)]),
    Buffer.from('bf6161ff', 'hex'),
    Buffer.from('9affffffff', 'hex'),
    Buffer.from('5b00000000ffffffff', 'hex'),
    Buffer.alloc(50_000, 0x81),
    Buffer.from('a2616100616101', 'hex'),
    Buffer.from('c100', 'hex'),
    Buffer.from('f97e00', 'hex'),
  ]
  for (const bytes of broken) {
    const credential = new SoftwareAuthenticator(origin).create(await on.start(token))
    const response = { ...(credential['response'] as object), attestationObject: bytes.toString('base64url') }
    await refused(on.complete(token, { ...credential, response }), ...malformed)
  }
  for (const nonsense of [null, 'text', [], {}, { id: 1 }, { id: 'a b', type: 'public-key', response: {} }]) {
    await on.start(token)
    await refused(on.complete(token, nonsense as never), ...malformed)
  }
})

test('a challenge of a registration is worth something to the user and client that asked, once, and for five minutes', async (t) => {
  const on = await passkeyStage(t)
  const token = await on.tokenOf()
  const authenticator = new SoftwareAuthenticator(origin)
  await refused(on.complete(token, { id: 'x' }), ...noChallenge)
  const credential = authenticator.create(await on.start(token))
  await refused(on.complete(await on.tokenOf('ben'), credential), ...noChallenge)
  await refused(
    on.complete(await on.tokenOf('ana', 'public2'), credential),
    'WebAuthnClientMismatchException',
    'The passkey registration was started by another client.',
  )
  await on.complete(token, credential)
  await refused(on.complete(token, credential), ...noChallenge)
  const late = new SoftwareAuthenticator(origin).create(await on.start(token))
  on.local.clock.advance(301)
  await refused(on.complete(token, late), ...noChallenge)
})

test('a passkey is one user’s only, and a user has twenty at most', async (t) => {
  const on = await passkeyStage(t)
  const authenticator = await on.registered()
  const bens = await on.tokenOf('ben')
  const copy = authenticator.create(await on.start(bens))
  await refused(on.complete(bens, copy), invalid, 'The passkey is registered already.')
  for (let count = 1; count < 20; count += 1) await on.registered()
  const full = ['LimitExceededException', 'A user can have 20 passkeys at most.'] as const
  await refused(on.start(await on.tokenOf()), ...full)
  const AccessToken = await on.tokenOf()
  const first = await on.sdk.send(new ListWebAuthnCredentialsCommand({ AccessToken, MaxResults: 15 }))
  const { NextToken } = first
  const second = await on.sdk.send(new ListWebAuthnCredentialsCommand({ AccessToken, NextToken }))
  assert.deepEqual([first.Credentials?.length, second.Credentials?.length], [15, 5])
})

test('a pool without WEB_AUTHN among its first factors has no passkeys', async (t) => {
  const on = await passkeyStage(t, { policies: {} })
  const token = await on.tokenOf()
  const message = 'Passkeys are not enabled for the user pool.'
  await refused(on.start(token), 'WebAuthnNotEnabledException', message)
  await refused(on.complete(token, {}), 'WebAuthnNotEnabledException', message)
})

const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const assertions: [what: string, tampering: Tampering][] = [
  ['from another site', { origin: 'https://evil.example' }],
  ['in a frame of another site', { crossOrigin: true }],
  ['for another relying party', { rpId: 'example.com' }],
  ['with another challenge', { challenge: 'AAAA' }],
  ['that is a registration', { type: 'webauthn.create' }],
  ['without the user’s presence', { userPresent: false }],
  ['signed with another key', { key: otherKey }],
  ['of another user', { userHandle: Buffer.from('someone').toString('base64url') }],
  ['whose counter stands still', { signCount: 1 }],
  ['whose counter went back', { signCount: 0 }],
]
for (const [what, tampering] of assertions) {
  test(`a sign-in ${what} is refused, and uses its question up`, async (t) => {
    const on = await passkeyStage(t)
    const authenticator = await on.registered()
    const first = await on.asked()
    await on.answer(first.session, authenticator.get(first.options))
    const { options, session } = await on.asked()
    await refused(on.answer(session, authenticator.get(options, tampering)), notAuthorized, badPasskey)
    await refused(on.answer(session, authenticator.get(options)), notAuthorized, invalidSession)
  })
}

test('an answer to one question is none to the next, nor to that of another user', async (t) => {
  const on = await passkeyStage(t)
  const authenticator = await on.registered()
  const first = await on.asked()
  const credential = authenticator.get(first.options)
  await on.answer(first.session, credential)
  await refused(on.answer(first.session, credential), notAuthorized, invalidSession)
  const second = await on.asked()
  await refused(on.answer(second.session, credential), notAuthorized, badPasskey)
  const third = await on.asked()
  const foreign = on.answer(third.session, authenticator.get(third.options), 'ben')
  await refused(foreign, notAuthorized, invalidSession)
})

test('an authenticator that does not count signs in again and again', async (t) => {
  const on = await passkeyStage(t)
  const authenticator = new SoftwareAuthenticator(origin)
  authenticator.counts = false
  await on.registered(authenticator)
  for (let time = 0; time < 3; time += 1) {
    const { options, session } = await on.asked()
    assert.ok((await on.answer(session, authenticator.get(options))).AuthenticationResult)
  }
})

test('a passkey may be chosen, and is told among the factors of a user', async (t) => {
  const on = await passkeyStage(t)
  const authenticator = await on.registered()
  const question = await on.initiate('USER_AUTH', { USERNAME: 'ana' })
  assert.deepEqual(question.AvailableChallenges, ['PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN'])
  const chosen = await on.respond(
    'SELECT_CHALLENGE',
    { USERNAME: 'ana', ANSWER: 'WEB_AUTHN' },
    question.Session,
  )
  assert.equal(chosen.ChallengeName, 'WEB_AUTHN')
  const options: unknown = JSON.parse(chosen.ChallengeParameters?.['CREDENTIAL_REQUEST_OPTIONS'] ?? '')
  const done = await on.answer(chosen.Session, authenticator.get(options))
  const AccessToken = done.AuthenticationResult?.AccessToken
  const factors = await on.sdk.send(new GetUserAuthFactorsCommand({ AccessToken }))
  assert.deepEqual(factors.ConfiguredUserAuthFactors, ['PASSWORD', 'WEB_AUTHN'])
})

test('a second factor rules passkeys out, unless pool and user let them stand for both', async (t) => {
  const both = { factorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' } as const
  const on = await passkeyStage(t, {
    mfaConfiguration: 'OPTIONAL',
    enabledMfas: ['SMS_MFA'],
    webAuthnConfiguration: both,
  })
  const authenticator = await on.registered()
  const AccessToken = await on.tokenOf()
  const prefer = (settings: object) =>
    on.sdk.send(new SetUserMFAPreferenceCommand({ AccessToken, ...settings }))
  const alone = prefer({ WebAuthnMfaSettings: { Enabled: true } })
  await refused(alone, invalid, 'Passkey MFA needs another MFA method beside it.')
  await prefer({ SMSMfaSettings: { Enabled: true } })
  const without = await on.initiate('USER_AUTH', { USERNAME: 'ana' })
  assert.deepEqual(without.AvailableChallenges, ['PASSWORD', 'PASSWORD_SRP'])
  await prefer({ WebAuthnMfaSettings: { Enabled: true } })
  const { options, session } = await on.asked()
  assert.equal(options['userVerification'], 'required')
  await refused(
    on.answer(session, authenticator.get(options, { userVerified: false })),
    notAuthorized,
    badPasskey,
  )
  const again = await on.asked()
  assert.ok((await on.answer(again.session, authenticator.get(again.options))).AuthenticationResult)
})

test('passkeys belong to the relying party of the pool: https on its domain and below it, http on localhost only', async (t) => {
  const on = await passkeyStage(t, { webAuthnConfiguration: { relyingPartyId: 'example.com' } })
  const token = await on.tokenOf()
  for (const [page, fits] of [
    ['https://example.com', true],
    ['https://app.example.com:8443', true],
    ['http://example.com', false],
    ['https://notexample.com', false],
    ['http://localhost:3000', false],
  ] as const) {
    const authenticator = new SoftwareAuthenticator(page)
    const done = on.complete(token, authenticator.create(await on.start(token)))
    if (fits) await done
    else await refused(done, ...wrongOrigin)
  }
})
