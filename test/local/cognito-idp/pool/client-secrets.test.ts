import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test, { type TestContext } from 'node:test'
import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
  GetUserPoolClientSessionConfigurationCommand,
  ListUserPoolClientSecretsCommand,
  SetUserPoolClientSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CookieJar, browse, signInOnLoginPage } from '../../../support/login-form.ts'
import { authorizeUrl } from '../../domain.ts'
import { ana, invalid, notAuthorized, refused, stage } from '../stage.ts'

const clientSecret = 'a1b2c3d4e5f6a1b2c3d4e5f6'
const flows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']

async function secretStage(t: Pick<TestContext, 'after'>) {
  const on = await stage(t, {
    clients: [
      { clientId: 'app1', clientSecret, explicitAuthFlows: flows },
      { clientId: 'public1', explicitAuthFlows: flows },
    ],
  })
  const client = { UserPoolId: on.local.userPool.userPoolId, ClientId: 'app1' }
  const signIn = (secret: string) => {
    const SECRET_HASH = createHmac('sha256', secret).update('anaapp1').digest('base64')
    const parameters = { USERNAME: 'ana', PASSWORD: ana.password, SECRET_HASH }
    return on.initiate('USER_PASSWORD_AUTH', parameters, { clientId: 'app1' })
  }
  const add = (ClientSecret?: string) =>
    on.sdk.send(new AddUserPoolClientSecretCommand({ ...client, ClientSecret }))
  const ids = async () => {
    const { ClientSecrets = [] } = await on.sdk.send(new ListUserPoolClientSecretsCommand(client))
    assert.ok(ClientSecrets.every((one) => one.ClientSecretCreateDate instanceof Date))
    assert.ok(
      ClientSecrets.every((one) => one.ClientSecretValue === undefined),
      'a list shows no secret',
    )
    return ClientSecrets.map(({ ClientSecretId = '' }) => ClientSecretId)
  }
  const remove = (ClientSecretId: string) =>
    on.sdk.send(new DeleteUserPoolClientSecretCommand({ ...client, ClientSecretId }))
  return { on, client, signIn, add, ids, remove }
}

test('a second secret counts beside the first, which is then deleted and counts no more', async (t) => {
  const { signIn, add, ids, remove } = await secretStage(t)
  const { ClientSecretDescriptor } = await add()
  const { ClientSecretId = '', ClientSecretValue = '' } = ClientSecretDescriptor ?? {}
  assert.match(ClientSecretId, /^app1--\d{10}$/)
  assert.match(ClientSecretValue, /^[0-9a-z]{51}$/)
  for (const secret of [clientSecret, ClientSecretValue]) await signIn(secret)
  const [first = '', second, ...others] = await ids()
  assert.deepEqual([second, others], [ClientSecretId, []])
  await remove(first)
  await signIn(ClientSecretValue)
  await refused(signIn(clientSecret), notAuthorized, 'Unable to verify secret hash for client app1')
  await refused(remove(first), 'ResourceNotFoundException', 'Client secret does not exist.')
  await refused(remove(ClientSecretId), invalid, 'The last secret of a client cannot be deleted.')
})

test('a secret of one’s own is not sent back, and there are two at most', async (t) => {
  const { signIn, add } = await secretStage(t)
  const own = 'my0wn5ecretmy0wn5ecretmy0wn5ecret'
  const { ClientSecretDescriptor } = await add(own)
  assert.equal(ClientSecretDescriptor?.ClientSecretValue, undefined)
  await signIn(own)
  await refused(add(), 'LimitExceededException', 'A client can have 2 secrets at most.')
})

test('a public client gets no secret, and a short one is refused without being quoted', async (t) => {
  const { on, client, add } = await secretStage(t)
  const command = new AddUserPoolClientSecretCommand({ ...client, ClientId: 'public1' })
  await refused(on.sdk.send(command), invalid, 'Client public1 has no secret.')
  const short =
    "1 validation error detected: Value at 'clientSecret' failed to satisfy constraint: Member must have length greater than or equal to 24"
  await refused(add('tooshort'), invalid, short)
})

test('an app client decides how long a browser that is signed in goes on without the person', async (t) => {
  const { on, client } = await secretStage(t)
  const { local, sdk } = on
  const set = (ClientId: string, MaxValidityMinutes: number) =>
    sdk.send(
      new SetUserPoolClientSessionConfigurationCommand({
        ...client,
        ClientId,
        SSOSession: { MaxValidityMinutes },
      }),
    )
  const get = new GetUserPoolClientSessionConfigurationCommand(client)
  assert.deepEqual((await sdk.send(get)).SSOSession, { MaxValidityMinutes: 60 })
  await set('app1', 120)
  await set('public1', 0)
  assert.deepEqual((await sdk.send(get)).SSOSession, { MaxValidityMinutes: 120 })
  await assert.rejects(set('app1', 129_601), { name: invalid })
  const jar = new CookieJar()
  const where = async (client_id: string) => {
    const answer = await browse(jar, new URL(authorizeUrl(local, { client_id })))
    return new URL(answer.headers.get('location') ?? '', local.url).pathname
  }
  await signInOnLoginPage(authorizeUrl(local, { client_id: 'app1' }), ana, jar)
  assert.deepEqual([await where('app1'), await where('public1')], ['/callback', '/login'])
  local.clock.advance(7199)
  assert.equal(await where('app1'), '/callback')
  local.clock.advance(1)
  assert.equal(await where('app1'), '/login')
})
