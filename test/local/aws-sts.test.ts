import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { region, startAwsServer, type AwsServer } from './aws-server.ts'
import { tamper } from './aws-tamper.ts'
import { credentialsOf, type UserCredentials } from './aws-user.ts'

describe('the local STS', () => {
  let server: AwsServer
  let ana: UserCredentials

  before(async () => {
    server = await startAwsServer()
    ana = await credentialsOf(server, 'ana')
  })
  after(() => server.close())

  const client = (changes: Partial<UserCredentials> = {}) =>
    new STSClient({
      region,
      endpoint: server.url,
      maxAttempts: 1,
      credentials: { ...ana, ...changes },
    })
  const identify = (sts = client()) => sts.send(new GetCallerIdentityCommand({}))

  it('the caller is the assumed role of the identity pool', async () => {
    const { Arn, Account, UserId } = await identify()
    assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/local-authenticated/CognitoIdentityCredentials')
    assert.equal(Account, '000000000000')
    assert.match(UserId ?? '', /^AROA[A-Z2-7]{17}:CognitoIdentityCredentials$/)
  })

  it("the caller has the token's preferred role", async () => {
    const roleArn = 'arn:aws:iam::123456789012:role/team/admins'
    const admin = await credentialsOf(server, 'eva', { 'cognito:preferred_role': roleArn })
    const { Arn } = await identify(client(admin))
    assert.equal(Arn, 'arn:aws:sts::123456789012:assumed-role/admins/CognitoIdentityCredentials')
  })

  it('a wrong secret, token or access key is refused as STS does', async () => {
    const ben = await credentialsOf(server, 'ben')
    const rows: [Partial<UserCredentials>, string][] = [
      [{ secretAccessKey: ben.secretAccessKey }, 'SignatureDoesNotMatch'],
      [{ sessionToken: ben.sessionToken }, 'InvalidClientTokenId'],
      [{ sessionToken: '' }, 'InvalidClientTokenId'],
      [{ accessKeyId: 'ASIA0LOCAL0AAAAAAAAA' }, 'InvalidClientTokenId'],
    ]
    for (const [changes, name] of rows) await assert.rejects(identify(client(changes)), { name })
    const changed = tamper(
      client(),
      (request) => (request.body = String(request.body).replace('06-15', '06-16')),
    )
    await assert.rejects(identify(changed), { name: 'SignatureDoesNotMatch' })
  })

  it('an unsigned request and another operation are refused', async () => {
    const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' })
    const answer = await fetch(server.url, { method: 'POST', body })
    assert.equal(answer.status, 403)
    assert.match(await answer.text(), /<Code>MissingAuthenticationToken<\/Code>/)
    await assert.rejects(client().send(new GetSessionTokenCommand({})), { name: 'InvalidAction' })
  })

  it('expired credentials are refused', async () => {
    server.clock.advance(3601)
    await assert.rejects(identify(), { name: 'ExpiredToken' })
  })
})
