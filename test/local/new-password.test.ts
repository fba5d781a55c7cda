import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { LocalCognito } from '../../src/local/index.ts'
import { claimsOf, start } from './domain.ts'

let local: LocalCognito
before(async () => {
  local = await start()
})
after(() => local.close())

interface Answer {
  __type?: string
  message?: string
  Session?: string
  AuthenticationResult?: { IdToken: string }
}

async function call(operation: string, input: object): Promise<Answer> {
  const headers = { 'x-amz-target': `AWSCognitoIdentityProviderService.${operation}` }
  const body = JSON.stringify({ ClientId: 'public1', ...input })
  return (await (await fetch(local.url, { method: 'POST', headers, body })).json()) as Answer
}

const signIn = (PASSWORD: string) =>
  call('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: 'bo', PASSWORD } })
const respond = (Session: string | undefined, NEW_PASSWORD: string, attributes: object = {}) =>
  call('RespondToAuthChallenge', {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session,
    ChallengeResponses: { USERNAME: 'bo', NEW_PASSWORD, ...attributes },
  })

for (const [what, attribute, value, problem] of [
  ['that Cognito does not have', 'mail', 'x', 'Attribute does not exist in schema.'],
  ['that is a claim of its own', 'cognito:groups', 'admin', 'Attribute does not exist in schema.'],
  ['that names the issuer', 'iss', 'x', 'Attribute does not exist in schema.'],
  ['of no name', 'custom:', 'x', 'Attribute does not exist in schema.'],
  ['that is too long', 'name', 'x'.repeat(2049), 'Attribute is longer than 2048 characters.'],
] as const) {
  test(`with a new password, an attribute ${what} is refused`, async () => {
    const { Session } = await signIn('Temp0rary!')
    const answer = await respond(Session, 'Passw0rd!', { [`userAttributes.${attribute}`]: value })
    assert.equal(answer.__type, 'InvalidParameterException')
    assert.equal(answer.message, `Attributes did not conform to the schema: ${attribute}: ${problem}`)
  })
}

test('a session that was left open is worth nothing once the user has a password', async () => {
  const [left, done] = [await signIn('Temp0rary!'), await signIn('Temp0rary!')]
  const attributes = { 'userAttributes.given_name': 'Bo', 'userAttributes.custom:plan': '8' }
  const { AuthenticationResult } = await respond(done.Session, 'My-0wn-pass', attributes)
  const claims = claimsOf(AuthenticationResult?.IdToken ?? '')
  assert.deepEqual([claims['given_name'], claims['custom:plan']], ['Bo', '8'])
  const late = await respond(left.Session, 'An0ther-pass')
  assert.equal(late.__type, 'NotAuthorizedException')
  assert.equal(late.message, 'Invalid session for the user.')
  assert.ok((await signIn('My-0wn-pass')).AuthenticationResult)
})
