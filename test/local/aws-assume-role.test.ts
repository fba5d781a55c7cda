import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type AssumeRoleWithWebIdentityCommandInput,
} from '@aws-sdk/client-sts'
import type { LocalCognitoOptions } from '../../src/local/index.ts'
import { refused, role, startPool } from './identity-pool-client.ts'

// The SDK puts "Exception" behind the codes that it knows.
const accessDenied = refused('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')

async function start(t: TestContext, options: LocalCognitoOptions = {}) {
  const pool = await startPool(t, { allowUnauthenticatedIdentities: true, ...options })
  const sts = new STSClient({ ...pool.local.sts, maxAttempts: 1 })
  t.after(() => sts.destroy())
  const { token, identityId } = await pool.openIdToken(await pool.logins('ana'))
  return {
    ...pool,
    token,
    identityId,
    assume: (input: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) =>
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: role('user'),
          RoleSessionName: 'app1',
          WebIdentityToken: token,
          ...input,
        }),
      ),
    post: async (parameters: Record<string, string>) => {
      const body = new URLSearchParams({
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        ...parameters,
      })
      const answer = await fetch(pool.local.url, { method: 'POST', body })
      return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') }
    },
  }
}

test('the classic flow: an OpenID token buys credentials of the role asked for, under the name asked for', async (t) => {
  const { local, identityPoolId, identityId, assume, callerOf, s3 } = await start(t)
  const before = local.clock.now()
  const { $metadata: _, Credentials, ...others } = await assume()
  assert.deepEqual(others.AssumedRoleUser?.Arn, 'arn:aws:sts::000000000000:assumed-role/user/app1')
  assert.match(others.AssumedRoleUser?.AssumedRoleId ?? '', /^AROA[A-Z2-7]{17}:app1$/)
  assert.equal(others.SubjectFromWebIdentityToken, identityId)
  assert.equal(others.Audience, identityPoolId)
  assert.equal(others.Provider, 'cognito-identity.amazonaws.com')
  const lifetimeMs = Number(Credentials?.Expiration) - before
  assert.equal(lifetimeMs > 3_540_000 && lifetimeMs < 3_660_000, true, String(lifetimeMs))
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  }
  assert.equal(await callerOf(credentials), 'arn:aws:sts::000000000000:assumed-role/user/app1')
  const Key = `private/${identityId}/a.txt`
  await s3(credentials).send(new PutObjectCommand({ Bucket: 'files', Key, Body: 'x' }))
})

test('the answer on the wire has the members in the order of AWS, and the expiration in ISO 8601', async (t) => {
  const { token, post } = await start(t)
  const { status, text, type } = await post({
    RoleArn: role('user'),
    RoleSessionName: 'app1',
    WebIdentityToken: token,
  })
  assert.deepEqual([status, type], [200, 'text/xml'])
  const names = [...text.matchAll(/<(\w+)[ >]/g)].map(([, name]) => name)
  assert.deepEqual(names, [
    'AssumeRoleWithWebIdentityResponse',
    'AssumeRoleWithWebIdentityResult',
    'SubjectFromWebIdentityToken',
    'Audience',
    'AssumedRoleUser',
    'Arn',
    'AssumedRoleId',
    'Credentials',
    'SessionToken',
    'SecretAccessKey',
    'Expiration',
    'AccessKeyId',
    'Provider',
    'ResponseMetadata',
    'RequestId',
  ])
  assert.match(text, /<Expiration>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/Expiration>/)
  assert.match(text, /xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"/)
})

test('a refusal on the wire is XML with its code', async (t) => {
  const { post } = await start(t)
  const { status, text } = await post({
    RoleArn: role('user'),
    RoleSessionName: 'app1',
    WebIdentityToken: 'nonsense',
  })
  assert.equal(status, 400)
  assert.match(
    text.replace(/^<\?xml[^>]*>\s*/, ''),
    /^<ErrorResponse xmlns="[^"]+"><Error><Type>Sender<\/Type><Code>InvalidIdentityToken<\/Code><Message>[^<]+<\/Message><\/Error><RequestId>[^<]+<\/RequestId><\/ErrorResponse>$/,
  )
})

test('guests assume the role of guests, and no other', async (t) => {
  const { openIdToken, assume } = await start(t, {
    identityPool: { roles: { authenticated: role('user'), unauthenticated: role('guest') } },
  })
  const { token: WebIdentityToken } = await openIdToken()
  const { AssumedRoleUser } = await assume({ WebIdentityToken, RoleArn: role('guest') })
  assert.match(AssumedRoleUser?.Arn ?? '', /assumed-role\/guest\/app1$/)
  await assert.rejects(assume({ WebIdentityToken }), accessDenied)
  await assert.rejects(assume({ RoleArn: role('guest') }), accessDenied)
})

test('a role that was not described, or that trusts another pool, is refused', async (t) => {
  const assumeRolePolicyDocument = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'us-east-1:0' } },
    },
  }
  const { assume } = await start(t, {
    iamRoles: [{ roleArn: role('user') }, { roleArn: role('elsewhere'), assumeRolePolicyDocument }],
  })
  assert.equal((await assume()).Provider, 'cognito-identity.amazonaws.com')
  for (const name of ['nobody', 'elsewhere'])
    await assert.rejects(assume({ RoleArn: role(name) }), accessDenied)
})

test('an expired token, a forged one, one of somebody else and none at all are refused', async (t) => {
  const { local, token, assume } = await start(t)
  const stranger = await start(t)
  const [header, claims] = token.split('.')
  const unverifiable = refused('InvalidIdentityTokenException', /^Couldn't retrieve verification key/)
  await assert.rejects(assume({ WebIdentityToken: stranger.token }), unverifiable)
  await assert.rejects(assume({ WebIdentityToken: `${header}.${claims}.AAAA` }), unverifiable)
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  await assert.rejects(assume({ WebIdentityToken: `${none}.${claims}.` }), unverifiable)
  const idToken = await local.issueToken({ tokenUse: 'id' })
  await assert.rejects(
    assume({ WebIdentityToken: idToken }),
    refused(
      'InvalidIdentityTokenException',
      `No OpenIDConnect provider found in your account for ${local.userPool.issuer}`,
    ),
  )
  await assert.rejects(
    assume({ WebIdentityToken: 'EAAx' }),
    refused(
      'InvalidIdentityTokenException',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    ),
  )
  local.clock.advance(600)
  await assert.rejects(
    assume(),
    refused(
      'ExpiredTokenException',
      /^Token expired: current date\/time \d{10} must be before the expiration date\/time \d{10}$/,
    ),
  )
})

test('the duration is from fifteen minutes to what the role allows', async (t) => {
  const { local, assume } = await start(t, {
    iamRoles: [{ roleArn: role('user'), maxSessionDuration: 7200 }],
  })
  for (const DurationSeconds of [900, 7200]) {
    const { Credentials } = await assume({ DurationSeconds })
    const lifetime = Number(Credentials?.Expiration) / 1000 - local.clock.nowSeconds()
    assert.equal(Math.abs(lifetime - DurationSeconds) < 60, true, String(lifetime))
  }
  await assert.rejects(
    assume({ DurationSeconds: 7201 }),
    refused(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ),
  )
  for (const [DurationSeconds, bound] of [
    [899, 'greater than or equal to 900'],
    [43_201, 'less than or equal to 43200'],
  ] as const)
    await assert.rejects(
      assume({ DurationSeconds }),
      refused(
        'ValidationError',
        `1 validation error detected: Value '${DurationSeconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
      ),
    )
})

test('a session policy narrows what the role grants, and adds nothing', async (t) => {
  const { identityId, assume, s3 } = await start(t)
  const own = `private/${identityId}`
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*' },
  })
  const { Credentials } = await assume({ Policy })
  const client = s3({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  })
  const get = (Key: string) => client.send(new GetObjectCommand({ Bucket: 'files', Key }))
  await assert.rejects(get(`${own}/a.txt`), { name: 'NoSuchKey' })
  await assert.rejects(get('private/other/a.txt'), /no identity-based policy allows the s3:GetObject action$/)
  const put = new PutObjectCommand({ Bucket: 'files', Key: `${own}/a.txt`, Body: 'x' })
  await assert.rejects(client.send(put), /because no session policy allows the s3:PutObject action$/)
  for (const malformed of [
    '{',
    '{}',
    JSON.stringify({ Statement: { Effect: 'Allow', NotAction: 'x', Resource: '*' } }),
  ])
    await assert.rejects(assume({ Policy: malformed }), { name: 'MalformedPolicyDocumentException' })
})

test('what is wrong with the parameters is said at once, without the token', async (t) => {
  const { post, assume } = await start(t)
  const { text } = await post({ RoleSessionName: 'a b', WebIdentityToken: 'tok' })
  assert.match(text, /<Code>ValidationError<\/Code>/)
  assert.match(text, /<Message>3 validation errors detected: /)
  assert.match(
    text,
    /Value null at &apos;roleArn&apos; failed to satisfy constraint: Member must not be null; /,
  )
  assert.match(text, /Value &apos;a b&apos; at &apos;roleSessionName&apos; .*pattern: \[\\w\+=,\.@-\]\*; /)
  assert.match(text, /; Value at &apos;webIdentityToken&apos; .*length greater than or equal to 4</)
  assert.equal(text.includes('>tok<') || text.includes('tok&apos;'), false)
  await assert.rejects(assume({ PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] }), {
    name: 'ValidationError',
    message: /PolicyArns is not served/,
  })
  await assert.rejects(assume({ ProviderId: 'graph.facebook.com' }), { name: 'ValidationError' })
})
