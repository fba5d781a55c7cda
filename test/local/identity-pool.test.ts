import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  GetCredentialsForIdentityCommand,
  GetIdCommand,
  type CognitoIdentityClient,
} from '@aws-sdk/client-cognito-identity'
import { identityPoolId, providerName, startAwsServer, type AwsServer } from './aws-server.ts'

const notAuthorized = (message: string) => ({ name: 'NotAuthorizedException', message })
const doNotMatch = notAuthorized(
  "Logins don't match. Please include at least one valid login for this identity or identity pool.",
)

describe('the local identity pool', () => {
  let server: AwsServer
  let client: CognitoIdentityClient
  let testNumber = 0

  before(async () => {
    server = await startAwsServer({ guests: true })
    client = server.identityClient()
  })
  after(() => server.close())
  beforeEach(() => {
    testNumber += 1
  })

  /** Each test has an Ana and a Ben of its own. */
  const loginOf = async (name: string, claims?: Record<string, unknown>) => ({
    [providerName]: await server.idToken(`${name} ${testNumber}`, claims),
  })
  const getId = async (Logins?: Record<string, string>) =>
    (await client.send(new GetIdCommand({ IdentityPoolId: identityPoolId, Logins }))).IdentityId ?? ''
  const getCredentials = (IdentityId: string, Logins?: Record<string, string>, CustomRoleArn?: string) =>
    client.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn }))

  it('a user has one identity, whichever token they come with, and no two users share one', async () => {
    const first = await getId(await loginOf('ana'))
    assert.match(first, /^us-east-1:[0-9a-f]{8}-[0-9a-f-]{27}$/)
    assert.equal(await getId(await loginOf('ana', { jti: 'another token' })), first)
    assert.notEqual(await getId(await loginOf('ben')), first)
  })

  it('identities asked for at the same time for one user are one', async () => {
    const Logins = await loginOf('ana')
    const ids = await Promise.all(Array.from({ length: 50 }, () => getId(Logins)))
    assert.equal(new Set(ids).size, 1)
  })

  it('credentials are new at each call, live for one hour, and are recognisable fakes', async () => {
    const Logins = await loginOf('ana')
    const id = await getId(Logins)
    const one = (await getCredentials(id, Logins)).Credentials
    const other = (await getCredentials(id, Logins)).Credentials
    // Real access keys are base32, without a 0.
    assert.match(one?.AccessKeyId ?? '', /^ASIA0LOCAL0[A-Z2-7]{9}$/)
    assert.match(one?.SecretKey ?? '', /^[\w+/]{40}$/)
    assert.ok((one?.SessionToken ?? '').startsWith('LocalCognito'))
    assert.equal(one?.Expiration?.getTime(), (server.clock.nowSeconds() + 3600) * 1000)
    assert.notEqual(one?.AccessKeyId, other?.AccessKeyId)
    assert.notEqual(one?.SecretKey, other?.SecretKey)
    assert.notEqual(one?.SessionToken, other?.SessionToken)
  })

  it('the expiration is a JSON number of epoch seconds', async () => {
    const Logins = await loginOf('ana')
    const answer = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityService.GetCredentialsForIdentity' },
      body: JSON.stringify({ IdentityId: await getId(Logins), Logins }),
    })
    assert.match(await answer.text(), /"Expiration":\d{10}[,}]/)
  })

  it("another user's identity is refused, as is an unknown one", async () => {
    const anasId = await getId(await loginOf('ana'))
    await getId(await loginOf('ben'))
    await assert.rejects(getCredentials(anasId, await loginOf('ben')), doNotMatch)
    await assert.rejects(getCredentials(anasId, await loginOf('somebody new')), doNotMatch)
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await assert.rejects(getCredentials(unknown, await loginOf('ana')), {
      name: 'ResourceNotFoundException',
      message: `Identity '${unknown}' not found.`,
    })
  })

  it("a signed-in user's identity is refused without logins, even where guests are allowed", async () => {
    const id = await getId(await loginOf('ana'))
    await assert.rejects(getCredentials(id), notAuthorized(`Access to Identity '${id}' is forbidden.`))
    await assert.rejects(getCredentials(id, {}), notAuthorized(`Access to Identity '${id}' is forbidden.`))
  })

  it('each guest is a new identity and gets credentials', async () => {
    const one = await getId()
    assert.notEqual(one, await getId({}))
    assert.equal((await getCredentials(one)).IdentityId, one)
  })

  it('a guest who signs in for the first time keeps the identity, which then needs the login', async () => {
    const guest = await getId()
    assert.equal((await getCredentials(guest, await loginOf('ana'))).IdentityId, guest)
    assert.equal(await getId(await loginOf('ana')), guest)
    await assert.rejects(getCredentials(guest), notAuthorized(`Access to Identity '${guest}' is forbidden.`))
  })

  it('a guest who signs in as a known user becomes that user: the answer names the other identity', async () => {
    const known = await getId(await loginOf('ana'))
    const guest = await getId()
    assert.equal((await getCredentials(guest, await loginOf('ana'))).IdentityId, known)
    await assert.rejects(getCredentials(guest), notAuthorized(`Access to Identity '${guest}' is forbidden.`))
    await assert.rejects(getCredentials(guest, await loginOf('ben')), doNotMatch)
  })

  it('a role that the token lists can be asked for, any other is refused', async () => {
    const listed = 'arn:aws:iam::123456789012:role/reader'
    const Logins = await loginOf('ana', { 'cognito:roles': [listed] })
    const id = await getId(Logins)
    assert.ok((await getCredentials(id, Logins, listed)).Credentials)
    const other = 'arn:aws:iam::123456789012:role/owner'
    const forbidden = notAuthorized(`Access to Role '${other}' is forbidden.`)
    await assert.rejects(getCredentials(id, Logins, other), forbidden)
    await assert.rejects(
      getCredentials(id, await loginOf('ana', { 'cognito:roles': other }), other),
      forbidden,
    )
    await assert.rejects(getCredentials(await getId(), undefined, other), forbidden)
  })
})
