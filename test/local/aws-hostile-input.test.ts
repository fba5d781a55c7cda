import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createS3 } from '../../src/local/aws/s3/index.ts'
import { createSts } from '../../src/local/aws/sts/index.ts'
import { requestContext } from '../../src/local/aws/iam/request-context.ts'
import { createClock } from '../../src/local/lib/clock.ts'
import type { LocalRequest } from '../../src/local/server/http.ts'
import { signedOperations, unsignedOperations } from '../../src/local/identity-pool/operations.ts'
import { ServiceError } from '../../src/local/server/service-error.ts'
import { identityPoolInMemory } from './identity-pool-in-memory.ts'

const clock = createClock()
const region = 'us-east-1'
const caller = {
  accessKeyId: 'ASIA0LOCAL0AAAAAAAAA',
  secretAccessKey: 'not the secret that anybody signs with here',
  sessionToken: 'token',
  expiresAtSeconds: clock.nowSeconds() + 3600,
  arn: 'arn:aws:sts::000000000000:assumed-role/local-authenticated/test',
  userId: 'AROA:test',
  account: '000000000000',
  permissions: [],
  context: requestContext(),
}
const callers = { find: () => caller }
const identityPoolId = 'us-east-1:00000000-0000-4000-8000-000000000000'
const sts = {
  clock,
  region,
  callers,
  assumeRole: () => ({ ok: false as const, reason: 'not-authorized' as const }),
  verifyOpenIdToken: async () => ({ ok: false as const, reason: 'malformed' as const }),
}
const date = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '')
const text = fc.string({ unit: 'binary' })
const name = fc.oneof(
  fc.constantFrom('host', 'x-amz-date', 'constructor', '__proto__', 'content-encoding'),
  text,
)

/** Well-formed enough to reach the signature, and hostile in every part that is not looked at before. */
const requests = (service: string): fc.Arbitrary<LocalRequest> =>
  fc
    .record({
      method: fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'PATCH'),
      target: fc.oneof(
        text,
        text.map(encodeURIComponent),
        fc.constantFrom('%', '%ff', '?%', '?a&a=1&=2&__proto__=3'),
      ),
      signedHeaders: fc.array(name, { maxLength: 5 }),
      headers: fc.dictionary(name, text, { maxKeys: 5 }),
      body: fc.oneof(text, fc.constant('Action=GetCallerIdentity')),
    })
    .map(({ method, target, signedHeaders, headers, body }) => ({
      method,
      rawUrl: `/files/${target}`,
      url: new URL('http://127.0.0.1/'),
      headers: {
        ...headers,
        'x-amz-date': date,
        'x-amz-security-token': caller.sessionToken,
        'x-amz-content-sha256':
          service === 's3' ? 'UNSIGNED-PAYLOAD' : createHash('sha256').update(body).digest('hex'),
        authorization:
          `AWS4-HMAC-SHA256 Credential=${caller.accessKeyId}/${date.slice(0, 8)}/${region}/${service}/aws4_request, ` +
          `SignedHeaders=${['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', ...signedHeaders].join(';')}, ` +
          `Signature=${'0'.repeat(64)}`,
      },
      body: Buffer.from(body),
    }))

describe('hostile input to the local AWS', () => {
  for (const [service, handler] of [
    ['s3', createS3({ clock, region, bucket: 'files', callers })],
    ['sts', createSts(sts)],
  ] as const) {
    it(`${service} refuses every request that was not signed with the secret, and never breaks`, async () => {
      await fc.assert(
        fc.asyncProperty(requests(service), async (request) => {
          const { status } = await handler(request)
          assert.ok(status >= 400 && status < 500, String(status))
        }),
        { numRuns: 1000 },
      )
    })
  }

  it('the identity pool answers any JSON with a result or a refusal', async () => {
    const pool = identityPoolInMemory({
      identityPoolId,
      allowUnauthenticatedIdentities: true,
      providers: [
        {
          providerName: 'pool',
          kind: 'user-pool',
          clientIds: () => ['client'],
          verify: async (token) => ({ ok: true, claims: { token } }),
        },
      ],
    })
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom(identityPoolId, 'login.example.com', 1), text)
    const logins = fc.oneof(
      member,
      fc.dictionary(
        fc.oneof(
          text,
          fc.constantFrom('pool', '__proto__', 'login.example.com', 'cognito-identity.amazonaws.com'),
        ),
        text,
      ),
      fc.dictionary(
        text,
        fc.jsonValue().map((value) => `e30.${Buffer.from(JSON.stringify(value)).toString('base64url')}.`),
      ),
    )
    const names = [
      ...['IdentityPoolId', 'IdentityId', 'CustomRoleArn', 'PrincipalTags', 'TokenDuration', 'MaxResults'],
      ...['NextToken', 'DeveloperUserIdentifier', 'SourceUserIdentifier', 'DestinationUserIdentifier'],
      ...['DeveloperProviderName', 'IdentityProviderName', 'IdentityIdsToDelete', 'LoginsToRemove'],
      ...['Roles', 'RoleMappings', 'UseDefaults', 'HideDisabled'],
    ]
    const members = Object.fromEntries(names.map((memberName) => [memberName, member]))
    const input = fc.record({ ...members, Logins: logins }, { requiredKeys: [] })
    const operations = [...Object.keys(unsignedOperations), ...Object.keys(signedOperations)]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...operations), input, async (operation, given) => {
        try {
          assert.equal(typeof (await pool(operation, given)), 'object')
        } catch (error) {
          assert.ok(error instanceof ServiceError && error.status === 400, String(error))
        }
      }),
      { numRuns: 5000 },
    )
  })
})
