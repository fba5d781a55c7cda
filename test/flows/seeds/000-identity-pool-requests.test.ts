/** The identity pool's API as a person writes requests into an HTTP client, header by header. */
import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { SignatureV4 } from '@smithy/signature-v4'
import { Sha256 } from '../../../src/local/aws/sha256.ts'
import { startLocalCognito, type LocalCognitoOptions } from '../../../src/local/index.ts'
import { rawRequest } from '../../support/raw-request.ts'
import { bash, has, towards, without } from './program.ts'

const requests = {
  getId: {
    user: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetId

{
    "IdentityPoolId": "ap-northeast-1:IdentityPoolId",
    "Logins" : {
        "cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_xxxxxxxxx": "idToken"
    }
}`,
    guest: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetId

{
    "IdentityPoolId": "ap-northeast-1:IdentityPoolId"
}`,
  },
  getCredentials: {
    user: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetCredentialsForIdentity

{
    "IdentityId":"ap-northeast-1:IdentityPoolId",
    "Logins" : {
        "cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_xxxxxxxxx": "idToken"
    }
}`,
    guest: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetCredentialsForIdentity

{"IdentityId":"ap-northeast-1:IdentityPoolId"}`,
  },
  getOpenIdToken: {
    guest: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetOpenIdToken

{"IdentityId":"ap-northeast-1:IdentityPoolId"}`,
    user: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetOpenIdToken

{
    "IdentityId":"ap-northeast-1:IdentityPoolId",
    "Logins" : {
        "cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_xxxxxxxxx": "idToken"
    }
}`,
  },
  developer: `POST https://cognito-identity.ap-northeast-1.amazonaws.com/ HTTP/1.1
content-type: application/x-amz-json-1.1
x-amz-target: AWSCognitoIdentityService.GetOpenIdTokenForDeveloperIdentity

{
    "Logins" : {
        "provider": "identifier"
    }
}`,
}

const noClassicFlow = 'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.'

async function stage(t: TestContext, identityPool: LocalCognitoOptions['identityPool'] = {}) {
  const local = await startLocalCognito({
    userPoolId: 'ap-northeast-1_xxxxxxxxx',
    users: [{ username: 'ana', password: 'Passw0rd!' }],
    identityPool: { allowUnauthenticatedIdentities: true, ...identityPool },
  })
  t.after(() => local.close())
  const { identityPoolId } = local.identityPool
  const idToken = await local.issueToken({ tokenUse: 'id', username: 'ana' })
  /** What the author left open is filled in, and only that. */
  const filledIn = (request: string, identityId?: string) =>
    towards(local, request)
      .replace('"IdentityPoolId": "ap-northeast-1:IdentityPoolId"', `"IdentityPoolId": "${identityPoolId}"`)
      .replace('"IdentityId":"ap-northeast-1:IdentityPoolId"', `"IdentityId":"${identityId}"`)
      .replace('"idToken"', `"${idToken}"`)
  return { local, send: (request: string, identityId?: string) => sent(filledIn(request, identityId)) }
}

/** Sends a request that is written out: a line, headers, an empty line, the body. */
async function sent(text: string, headers: Record<string, string> = {}) {
  const { url, written, body } = parsed(text)
  const response = await rawRequest(url, { method: 'POST', headers: { ...written, ...headers }, body })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

function parsed(text: string) {
  const [head = '', body = ''] = text.split('\n\n')
  const [line = '', ...headerLines] = head.split('\n')
  const [, url = ''] = /^POST (\S+) HTTP\/1\.1$/.exec(line) ?? []
  const written = Object.fromEntries(headerLines.map((header) => header.split(': ') as [string, string]))
  return { url: new URL(url), written, body }
}

for (const who of ['user', 'guest'] as const) {
  test(`GetId, and GetCredentialsForIdentity with the id, answer a ${who}`, async (t) => {
    const { send } = await stage(t)
    const { status, body: identity } = await send(requests.getId[who])
    assert.equal(status, 200)
    assert.match(identity.IdentityId, /^ap-northeast-1:[\w-]{36}$/)
    const answer = await send(requests.getCredentials[who], identity.IdentityId)
    assert.equal(answer.status, 200)
    const { IdentityId, Credentials } = answer.body
    assert.equal(IdentityId, identity.IdentityId)
    assert.deepEqual(Object.keys(Credentials), ['AccessKeyId', 'Expiration', 'SecretKey', 'SessionToken'])
    assert.match(Credentials.AccessKeyId, /^ASIA/)
    assert.equal(typeof Credentials.Expiration, 'number')
  })

  test(`GetOpenIdToken refuses a ${who} of a pool with role mappings, until the classic flow is allowed`, async (t) => {
    const mapping = { 'cognito-idp.ap-northeast-1.amazonaws.com/ap-northeast-1_xxxxxxxxx:app1': token }
    for (const [allowClassicFlow, expected] of [
      [undefined, 400],
      [true, 200],
    ] as const) {
      const { send } = await stage(t, { roleMappings: mapping, allowClassicFlow })
      const { body: identity } = await send(requests.getId[who])
      const { status, body } = await send(requests.getOpenIdToken[who], identity.IdentityId)
      assert.equal(status, expected, JSON.stringify(body))
      if (expected === 400) assert.equal(body.message, noClassicFlow)
      else assert.deepEqual([body.IdentityId, body.Token.split('.').length], [identity.IdentityId, 3])
    }
  })
}

const token = { type: 'Token', ambiguousRoleResolution: 'AuthenticatedRole' } as const

test('the id of the identity pool where an identity id belongs, as it is written there, finds no identity', async (t) => {
  const { local, send } = await stage(t)
  const { status, body } = await send(requests.getCredentials.guest, local.identityPool.identityPoolId)
  assert.deepEqual([status, body.__type], [400, 'ResourceNotFoundException'])
})

test('GetOpenIdTokenForDeveloperIdentity wants a signature, and the pool that the written body leaves out', async (t) => {
  const { local, send } = await stage(t, { developerProviderName: 'provider' })
  const unsigned = await send(requests.developer)
  assert.deepEqual([unsigned.status, unsigned.body.__type], [400, 'MissingAuthenticationTokenException'])
  const { awsCredentials: credentials, url, identityPool } = local
  const signed = async (text: string) => {
    const { url: at, written, body } = parsed(text)
    const signer = new SignatureV4({
      service: 'cognito-identity',
      region: 'ap-northeast-1',
      credentials,
      sha256: Sha256,
    })
    const { host: hostname, port, protocol } = new URL(url)
    const { headers } = await signer.sign({
      method: 'POST',
      protocol,
      hostname,
      port: Number(port),
      path: at.pathname,
      headers: { ...written, host: hostname },
      body,
    })
    return sent(text, headers)
  }
  const request = towards(local, requests.developer)
  const asWritten = await signed(request)
  assert.deepEqual([asWritten.status, asWritten.body.__type], [400, 'ValidationException'])
  assert.match(asWritten.body.message, /identityPoolId/)
  const whole = request.replace('{\n', `{\n    "IdentityPoolId": "${identityPool.identityPoolId}",\n`)
  const answer = await signed(whole)
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  assert.match(answer.body.IdentityId, /^ap-northeast-1:/)
})

const skip = without('curl', has('curl', '--version'))

test('both spellings of the target reach the same operation, from curl', { skip }, async (t) => {
  const { local } = await stage(t)
  const ask = (target: string) =>
    bash(`curl -s '${local.url}/' -H 'content-type: application/x-amz-json-1.1' -H 'x-amz-target: ${target}' \\
      -d '{"IdentityPoolId": "${local.identityPool.identityPoolId}"}'`)
  for (const prefix of ['', 'com.amazonaws.cognito.identity.model.']) {
    assert.match(await ask(`${prefix}AWSCognitoIdentityService.GetId`), /^\{"IdentityId":"ap-northeast-1:/)
  }
  assert.match(await ask('cognito.GetId'), /"__type":"UnknownOperationException"/)
})
