import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  type CognitoIdentityClient,
} from '@aws-sdk/client-cognito-identity'
import { identityPoolId, providerName, startAwsServer, type AwsServer } from './aws-server.ts'

const refusal = (message: string) => ({ name: 'NotAuthorizedException', message })
const invalid = (detail: string) => refusal(`Invalid login token. ${detail}`)
const unsupported = refusal('Token is not from a supported provider of this identity pool.')

describe('logins that the local identity pool refuses', () => {
  let server: AwsServer
  let stranger: AwsServer
  let client: CognitoIdentityClient
  let anasId: string

  before(async () => {
    stranger = await startAwsServer()
    server = await startAwsServer()
    client = server.identityClient()
    anasId = await getId({ [providerName]: await server.idToken('ana') })
  })
  after(async () => {
    await server.close()
    await stranger.close()
  })

  const getId = async (Logins?: Record<string, string>) =>
    (await client.send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }))).IdentityId ?? ''
  /** Both operations check logins, so both must refuse. */
  const assertRefused = async (token: string, expected: object, key = providerName) => {
    const Logins = { [key]: token }
    await assert.rejects(getId(Logins), expected)
    await assert.rejects(
      client.send(new GetCredentialsForIdentityCommand({ IdentityId: anasId, Logins })),
      expected,
    )
  }

  it('an access token', async () => {
    await assertRefused(await server.accessToken('ana'), invalid('Missing a required claim: aud'))
  })

  it('an access token with an audience, as resource servers can have it', async () => {
    await assertRefused(await server.idToken('ana', { token_use: 'access' }), invalid('Not a Cognito token.'))
  })

  it('a token that another key signed', async () => {
    await assertRefused(await stranger.idToken('ana'), invalid("Couldn't verify signed token."))
  })

  it('a token from the second on which it expires', async () => {
    const exp = server.clock.nowSeconds() + 100
    const token = await server.idToken('ana', { exp })
    assert.equal(await getId({ [providerName]: token }), anasId)
    server.clock.advance(exp - server.clock.nowSeconds())
    const expired = {
      name: 'NotAuthorizedException',
      message: new RegExp(`^Invalid login token\\. Token expired: \\d{10} >= ${exp}$`),
    }
    await assertRefused(token, expired)
  })

  it('a token of another issuer', async () => {
    const iss = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other0001'
    await assertRefused(await server.idToken('ana', { iss }), invalid("Issuer doesn't match providerName"))
  })

  it('a token of an app client that the pool does not trust', async () => {
    await assertRefused(await server.idToken('ana', { aud: 'anotherclient' }), unsupported)
  })

  it('something that is no token', async () => {
    await assertRefused('not a token', invalid('Not a Cognito token.'))
    await assertRefused('not a token', unsupported, 'graph.facebook.com')
  })

  it('a token without expiry or without subject', async () => {
    await assertRefused(
      await server.idToken('ana', { exp: undefined }),
      invalid('Missing a required claim: exp'),
    )
    await assertRefused(
      await server.idToken('ana', { sub: undefined }),
      invalid('Missing a required claim: sub'),
    )
  })

  it('a misspelt provider, and a provider that is not configured', async () => {
    const token = await server.idToken('ana')
    const mismatch = invalid("Issuer doesn't match providerName")
    for (const key of ['accounts.google.com', providerName.replace('us-east-1.', 'eu-west-1.'), '__proto__x'])
      await assertRefused(token, mismatch, key)
    const otherPool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_Other0001'
    await assertRefused(await server.idToken('ana', { iss: `https://${otherPool}` }), unsupported, otherPool)
    const localIssuer = `http://127.0.0.1:9229/us-east-1_Other0001`
    await assertRefused(await server.idToken('ana', { iss: localIssuer }), unsupported, otherPool)
  })

  it('guests, unless they are allowed', async () => {
    const noGuests = refusal('Unauthenticated access is not supported for this identity pool.')
    await assert.rejects(getId(), noGuests)
    await assert.rejects(getId({}), noGuests)
  })

  it('another identity pool', async () => {
    const IdentityPoolId = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await assert.rejects(client.send(new GetIdCommand({ IdentityPoolId })), {
      name: 'ResourceNotFoundException',
      message: `IdentityPool '${IdentityPoolId}' not found.`,
    })
  })

  it('input that breaks the service model, with every violation named and no token shown', async () => {
    const pattern =
      "Value 'us-east-1_abc' at 'identityPoolId' failed to satisfy constraint: " +
      'Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+'
    const rows: [Record<string, unknown>, string][] = [
      [{ IdentityPoolId: 'us-east-1_abc' }, `1 validation error detected: ${pattern}`],
      [
        {},
        "1 validation error detected: Value null at 'identityPoolId' failed to satisfy constraint: Member must not be null",
      ],
      [
        { IdentityPoolId: 'us-east-1_abc', AccountId: 'x' },
        `2 validation errors detected: ${pattern}; Value 'x' at 'accountId' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: \\d+',
      ],
    ]
    for (const [input, message] of rows)
      await assert.rejects(client.send(new GetIdCommand(input as { IdentityPoolId: string })), {
        name: 'ValidationException',
        message,
      })
    const token = `secret${'x'.repeat(50_000)}`
    await assert.rejects(getId({ [providerName]: token }), (error: Error) => {
      assert.equal(error.name, 'ValidationException')
      assert.ok(!error.message.includes('secret'))
      return true
    })
    const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`p${index}`, 'x']))
    await assert.rejects(getId(many), { name: 'ValidationException' })
    const wrongType = { IdentityPoolId: identityPoolId, Logins: { [providerName]: 5 } }
    await assert.rejects(callRaw(server, wrongType), { name: 'SerializationException' })
  })
})

/** The SDK would not send a wrong type. */
async function callRaw(server: AwsServer, input: object): Promise<void> {
  const headers = { 'x-amz-target': 'AWSCognitoIdentityService.GetId' }
  const answer = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(input) })
  const { __type: name } = (await answer.json()) as { __type: string }
  throw Object.assign(new Error(), { name })
}
