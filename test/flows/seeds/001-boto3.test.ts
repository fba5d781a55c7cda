/** Three Python scripts on boto3: guests, users of the user pool (by SRP and by the domain), and users of Facebook. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startLocalCognito, type LocalCognito } from '../../../src/local/index.ts'
import { Person } from '../../local/managed-login/person.ts'
import { pythonWithBoto3, runProgram, without } from './program.ts'

const asGuest = `
import env
import json
import boto3
import base64
from boto3.session import Session
from getpass import getpass
session = Session(profile_name=env.profile)
client = session.client('cognito-identity', 'ap-northeast-1')
print('=== GetId ===')
response = client.get_id(IdentityPoolId=env.identity_pool_id)
identity_id = response['IdentityId']
print(response)
print('=== GetCredentialsForIdentity ===')
response = client.get_credentials_for_identity(IdentityId=identity_id)
print(response)
`

const throughTheUserPool = `
import env
import json
import boto3
import base64
import requests
from warrant.aws_srp import AWSSRP
from boto3.session import Session
from getpass import getpass
session = Session(profile_name=env.profile)
cognito_userpool = session.client('cognito-idp', 'ap-northeast-1')
cognito_identity = session.client('cognito-identity', 'ap-northeast-1')
print('=== GetId ===')
sign_in_with = input('sign in with (cognito, facebook, amazon): ')
identity_id = None
logins = None
if sign_in_with == 'cognito':
    print('=== Sign in with Cognito User Pool ===')
    email = input('Enter Your Email Address: ')
    password = getpass('Enter Your Password: ')
    srp = AWSSRP(username=email, password=password, pool_id=env.user_pool_id, client_id=env.client_side_id, client=cognito_userpool)
    tokens = srp.authenticate_user()
    id_token = tokens['AuthenticationResult']['IdToken']
    logins = {
        'cognito-idp.' + env.region + '.amazonaws.com/' + env.user_pool_id: id_token
    }
    response = cognito_identity.get_id(
        IdentityPoolId=env.identity_pool_id,
        Logins=logins
    )
    print(response)
    identity_id = response['IdentityId']
elif sign_in_with == 'facebook' or sign_in_with == 'amazon':
    print('=== POST /oauth2/token ===')
    code = input('Enter Code: ')
    url = 'https://' + env.domain + '/oauth2/token'
    headers = {'content-type': 'application/x-www-form-urlencoded'}
    payload = [
        ('grant_type', 'authorization_code'),
        ('client_id', env.client_side_id),
        ('code', code),
        ('redirect_uri', env.redirect_url)
    ]
    response = requests.post(url=url, headers=headers, params=payload)
    tokens = json.loads(response.text)
    id_token = tokens['id_token']
    logins = {
        'cognito-idp.' + env.region + '.amazonaws.com/' + env.user_pool_id: id_token
    }
    response = cognito_identity.get_id(
        IdentityPoolId=env.identity_pool_id,
        Logins=logins
    )
    print(response)
    identity_id = response['IdentityId']
else:
    response = cognito_identity.get_id(IdentityPoolId=env.identity_pool_id)
    print(response)
    identity_id = response['IdentityId']
print('=== GetCredentialsForIdentity ===')
response = cognito_identity.get_credentials_for_identity(
    IdentityId=identity_id,
    Logins=logins
)
print(response)
`

const throughFacebook = `
import env
import json
import boto3
from boto3.session import Session
session = Session(profile_name=env.profile)
cognito_userpool = session.client('cognito-idp', 'ap-northeast-1')
cognito_identity = session.client('cognito-identity', 'ap-northeast-1')
print('=== GetId ===')
token = input('Enter your facebook access token: ')
logins = {
    'graph.facebook.com': token
}
response = cognito_identity.get_id(
    IdentityPoolId=env.identity_pool_id,
    Logins=logins
)
print(response)
identity_id = response['IdentityId']
print('=== GetCredentialsForIdentity ===')
response = cognito_identity.get_credentials_for_identity(
    IdentityId=identity_id,
    Logins=logins
)
print(response)
`

/**
 * The module that the scripts take their settings from. The endpoint is given to every client here, because older versions of
 * boto3 do not read it from the environment.
 */
const settings = ({ url, userPool, identityPool }: LocalCognito) => `
import boto3
profile = 'local'
region = 'ap-northeast-1'
identity_pool_id = '${identityPool.identityPoolId}'
user_pool_id = '${userPool.userPoolId}'
client_side_id = '${userPool.clientId}'
domain = '${new URL(url).host}'
redirect_url = 'http://localhost:3000/callback'
on_amazon = boto3.session.Session.client
boto3.session.Session.client = lambda *args, **named: on_amazon(*args, endpoint_url='${url}', **named)
`

const python = pythonWithBoto3()
const skip = without('Python with boto3 and requests', python !== undefined)
const people = [{ sub: 'fb-1', name: 'Ana', email: 'ana@example.com' }]

async function stage(t: TestContext) {
  const local = await startLocalCognito({
    userPoolId: 'ap-northeast-1_Local0001',
    users: [{ username: 'ana@example.com', password: 'Passw0rd!' }],
    userPool: {
      usernameAttributes: ['email'],
      identityProviders: [
        { providerType: 'Facebook', people },
        { providerType: 'LoginWithAmazon', people },
      ],
    },
    clients: [
      { clientId: 'clientside', supportedIdentityProviders: ['COGNITO', 'Facebook', 'LoginWithAmazon'] },
    ],
    identityPool: {
      allowUnauthenticatedIdentities: true,
      supportedLoginProviders: { 'graph.facebook.com': 'fb1' },
    },
  })
  const folder = mkdtempSync(path.join(tmpdir(), 'boto3-'))
  writeFileSync(path.join(folder, 'env.py'), settings(local))
  writeFileSync(path.join(folder, 'config'), '[profile local]\nregion = ap-northeast-1\n')
  t.after(async () => {
    rmSync(folder, { recursive: true })
    await local.close()
  })
  const run = (script: string, ...typed: string[]) => {
    // The domain is spoken to with https on Amazon.
    const here = script.replace("'https://' + env.domain", "'http://' + env.domain")
    writeFileSync(path.join(folder, 'script.py'), here)
    const env = {
      AWS_CONFIG_FILE: path.join(folder, 'config'),
      PYTHONPATH: [modules, process.env['PYTHONPATH'] ?? ''].join(path.delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
    }
    const input = typed.map((line) => `${line}\n`).join('')
    return runProgram(python ?? 'python3', ['script.py'], { cwd: folder, env, input })
  }
  return { local, run }
}

const modules = fileURLToPath(new URL('.', import.meta.url))

/** The two answers that a script printed belong together, and the second has keys. */
function printed({ status, stdout, stderr }: Awaited<ReturnType<typeof runProgram>>): string {
  assert.equal(status, 0, stdout + stderr)
  const ids = [...stdout.matchAll(/'IdentityId': '(ap-northeast-1:[\w-]{36})'/g)].map(([, id]) => id)
  assert.equal(ids.length, 2, stdout)
  assert.equal(ids[0], ids[1])
  assert.match(
    stdout,
    /'Credentials': \{'AccessKeyId': 'ASIA\w+', 'SecretKey': '[^']+', 'SessionToken': '[^']+'/,
  )
  assert.match(stdout, /'Expiration': datetime\.datetime\(/)
  return ids[0] ?? ''
}

test('a guest gets an identity and its credentials from boto3', { skip }, async (t) => {
  const { run } = await stage(t)
  printed(await run(asGuest))
})

test('a user signs in by SRP without a Session, from Python, and gets credentials', { skip }, async (t) => {
  const { run } = await stage(t)
  const typed = ['cognito', 'ana@example.com', 'Passw0rd!']
  assert.equal(
    printed(await run(throughTheUserPool, ...typed)),
    printed(await run(throughTheUserPool, ...typed)),
  )
  const wrong = await run(throughTheUserPool, 'cognito', 'ana@example.com', 'Passw0rd?')
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /NotAuthorizedException.*Incorrect username or password\./)
})

for (const [answer, provider] of [
  ['facebook', 'Facebook'],
  ['amazon', 'LoginWithAmazon'],
] as const) {
  test(
    `a user of ${provider} exchanges the code with parameters in the query string, and gets credentials`,
    { skip },
    async (t) => {
      const { local, run } = await stage(t)
      const query = `client_id=clientside&response_type=code&redirect_uri=http://localhost:3000/callback&identity_provider=${provider}`
      const person = await new Person().go(`${local.url}/oauth2/authorize?${query}`)
      await person.submit({ person: '0' })
      const code = person.answer('code') ?? ''
      printed(await run(throughTheUserPool, answer, code))
      const again = await run(throughTheUserPool, answer, code)
      assert.match(again.stderr, /KeyError: 'id_token'/)
    },
  )
}

test(
  'a guest in the second script is refused by boto3 itself, before anything is sent',
  { skip },
  async (t) => {
    const { local, run } = await stage(t)
    const { status, stderr } = await run(throughTheUserPool, 'guest')
    assert.equal(status, 1)
    assert.match(stderr, /ParamValidationError[^]*Invalid type for parameter Logins, value: None/)
    assert.deepEqual(
      [local.requests.count('GetId'), local.requests.count('GetCredentialsForIdentity')],
      [1, 0],
    )
  },
)

test('a user of Facebook gets credentials for its own access token', { skip }, async (t) => {
  const { local, run } = await stage(t)
  const token = await local.issueProviderToken('graph.facebook.com', { sub: 'fb-1' })
  printed(await run(throughFacebook, token))
  const refused = await run(throughFacebook, `${token}x`)
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /NotAuthorizedException/)
})
