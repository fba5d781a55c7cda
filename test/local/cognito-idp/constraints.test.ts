import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../../src/local/index.ts'
import { start } from '../domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

async function call(operation: string, input: object) {
  const headers = { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
  const response = await fetch(local.url, { method: 'POST', headers, body: JSON.stringify(input) })
  const { __type: type, message } = (await response.json()) as { __type: string; message: string }
  return { type, message }
}

const password = (changes: object) => ({
  AuthFlow: 'USER_PASSWORD_AUTH',
  ClientId: 'public1',
  AuthParameters: { USERNAME: 'ana', PASSWORD: 'wrong' },
  ...changes,
})
const username = (USERNAME: string) => password({ AuthParameters: { USERNAME, PASSWORD: 'x' } })
const challenge = (changes: object) => ({
  ChallengeName: 'NEW_PASSWORD_REQUIRED',
  ClientId: 'public1',
  Session: 'x'.repeat(20),
  ChallengeResponses: { USERNAME: 'bo', NEW_PASSWORD: 'Passw0rd!' },
  ...changes,
})
const pattern = (text: string) => `Member must satisfy regular expression pattern: ${text}`
const atLeast = (length: number) => `Member must have length greater than or equal to ${length}`
const atMost = (length: number) => `Member must have length less than or equal to ${length}`
const usernames = '[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+'
const tokens = '[A-Za-z0-9-_=.]+'

for (const [what, operation, input, member, constraint] of [
  [
    'a client id with a hyphen',
    'InitiateAuth',
    password({ ClientId: 'a-b' }),
    'clientId',
    pattern('[\\w+]+'),
  ],
  ['a long client id', 'InitiateAuth', password({ ClientId: 'a'.repeat(129) }), 'clientId', atMost(128)],
  ['a short session', 'InitiateAuth', password({ Session: 'x' }), 'session', atLeast(20)],
  ['a name with a space', 'InitiateAuth', username('ana b'), 'username', pattern(usernames)],
  ['a long name', 'InitiateAuth', username('ö'.repeat(129)), 'username', atMost(128)],
  [
    'a long session',
    'RespondToAuthChallenge',
    challenge({ Session: 'x'.repeat(2049) }),
    'session',
    atMost(2048),
  ],
  [
    'a short session',
    'RespondToAuthChallenge',
    challenge({ Session: 'x'.repeat(19) }),
    'session',
    atLeast(20),
  ],
  ['a token with a space', 'GetUser', { AccessToken: 'a b' }, 'accessToken', pattern(tokens)],
  ['a token with a slash', 'RevokeToken', { ClientId: 'public1', Token: 'a/b' }, 'token', pattern(tokens)],
  ['no token', 'RevokeToken', { ClientId: 'public1' }, 'token', 'Member must not be null'],
] as const) {
  test(`${what} in ${operation} is refused in the words of the service model, and not shown`, async () => {
    const { type, message } = await call(operation, input)
    assert.equal(type, 'InvalidParameterException')
    const expected = `Value at '${member}' failed to satisfy constraint: ${constraint}`
    assert.equal(message, `1 validation error detected: ${expected}`)
  })
}

test('a value of the right shape and length gets past the service model', async () => {
  assert.equal((await call('InitiateAuth', username('ö'.repeat(128)))).type, 'NotAuthorizedException')
  const longest = challenge({ Session: 'x'.repeat(2048) })
  assert.equal((await call('RespondToAuthChallenge', longest)).message, 'Invalid session for the user.')
})

test('an unknown challenge is shown, with those that exist', async () => {
  const { type, message } = await call('RespondToAuthChallenge', challenge({ ChallengeName: 'MAGIC' }))
  assert.equal(type, 'InvalidParameterException')
  assert.match(message, /^1 validation error detected: Value 'MAGIC' at 'challengeName' .* value set: \[/)
})

test('the header with the message of a refusal is at most 1 kB; the body has all of it', async () => {
  // Every member wrong at once makes a message of more than that.
  const headers = { 'x-amz-target': 'AWSCognitoIdentityService.GetCredentialsForIdentity' }
  const body = JSON.stringify({
    IdentityId: 'x'.repeat(128),
    CustomRoleArn: 'y',
    Logins: { ['k'.repeat(129)]: '', ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [i, ''])) },
  })
  const response = await fetch(local.url, { method: 'POST', headers, body })
  const { message } = (await response.json()) as { message: string }
  const header = response.headers.get('x-amzn-errormessage') ?? ''
  assert.ok(message.length > 1024)
  assert.equal(header, message.slice(0, 1024))
})
