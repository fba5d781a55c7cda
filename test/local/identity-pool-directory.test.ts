import assert from 'node:assert/strict'
import test from 'node:test'
import {
  DeleteIdentitiesCommand,
  DescribeIdentityCommand,
  DescribeIdentityPoolCommand,
  ListIdentitiesCommand,
  ListIdentityPoolsCommand,
  UnlinkIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { clientId, notAuthorized, refused, startPool, userPoolProvider } from './identity-pool-client.ts'

const guests = { allowUnauthenticatedIdentities: true }
const facebook = 'graph.facebook.com'
const nobody = 'us-east-1:00000000-0000-4000-8000-000000000000'

test('the pool is described with all that it was set up with, and nothing that it was not', async (t) => {
  const { developer, identityPoolId: IdentityPoolId } = await startPool(t, {
    identityPoolId: 'us-east-1:128d0a74-c82f-4553-916d-90053e8a11ce',
    identityPool: {
      identityPoolName: 'My pool',
      allowUnauthenticatedIdentities: true,
      allowClassicFlow: false,
      developerProviderName: 'login.example.jp',
      supportedLoginProviders: { [facebook]: '7346241598935555' },
      openIdConnectProviders: [
        { arn: 'arn:aws:iam::000000000000:oidc-provider/idp.example.jp', clientIds: ['a'] },
      ],
      samlProviderArns: ['arn:aws:iam::000000000000:saml-provider/office'],
      cognitoIdentityProviders: [{ clientId: 'app1', serverSideTokenCheck: true }],
    },
  })
  const { $metadata: _, ...described } = await developer.send(
    new DescribeIdentityPoolCommand({ IdentityPoolId }),
  )
  assert.deepEqual(described, {
    IdentityPoolId: 'us-east-1:128d0a74-c82f-4553-916d-90053e8a11ce',
    IdentityPoolName: 'My pool',
    AllowUnauthenticatedIdentities: true,
    AllowClassicFlow: false,
    DeveloperProviderName: 'login.example.jp',
    SupportedLoginProviders: { [facebook]: '7346241598935555' },
    OpenIdConnectProviderARNs: ['arn:aws:iam::000000000000:oidc-provider/idp.example.jp'],
    SamlProviderARNs: ['arn:aws:iam::000000000000:saml-provider/office'],
    CognitoIdentityProviders: [
      { ProviderName: userPoolProvider, ClientId: 'app1', ServerSideTokenCheck: true },
    ],
    IdentityPoolTags: {},
  })
})

test('without options the pool trusts every app client of the user pool, and no guest', async (t) => {
  const { developer, identityPoolId: IdentityPoolId } = await startPool(t, {
    clients: [{ clientId }, { clientId: 'app2' }],
  })
  const { $metadata: _, ...described } = await developer.send(
    new DescribeIdentityPoolCommand({ IdentityPoolId }),
  )
  assert.deepEqual(described, {
    IdentityPoolId,
    IdentityPoolName: 'local',
    AllowUnauthenticatedIdentities: false,
    CognitoIdentityProviders: [clientId, 'app2'].map((ClientId) => ({
      ProviderName: userPoolProvider,
      ClientId,
      ServerSideTokenCheck: false,
    })),
    IdentityPoolTags: {},
  })
  await assert.rejects(
    developer.send(new DescribeIdentityPoolCommand({ IdentityPoolId: nobody })),
    refused('ResourceNotFoundException', `IdentityPool '${nobody}' not found.`),
  )
  const none = await developer.send(new ListIdentityPoolsCommand({ MaxResults: 60 }))
  assert.deepEqual([none.IdentityPools?.length, none.NextToken], [1, undefined])
})

test('an identity is described by its providers and its dates', async (t) => {
  const { local, developer, getId, logins } = await startPool(t, guests)
  const IdentityId = await getId(await logins('ana'))
  const found = await developer.send(new DescribeIdentityCommand({ IdentityId }))
  assert.deepEqual([found.IdentityId, found.Logins], [IdentityId, [userPoolProvider]])
  assert.equal(found.CreationDate instanceof Date, true)
  assert.equal(Math.abs(Number(found.CreationDate) - local.clock.now()) < 60_000, true)
  assert.deepEqual(found.LastModifiedDate, found.CreationDate)
  const guest = await developer.send(new DescribeIdentityCommand({ IdentityId: await getId() }))
  assert.equal(guest.Logins, undefined)
  await assert.rejects(
    developer.send(new DescribeIdentityCommand({ IdentityId: nobody })),
    refused('ResourceNotFoundException', `Identity '${nobody}' not found.`),
  )
})

test('identities are listed in pages, the oldest first, merged ones only when they are asked for', async (t) => {
  const { developer, identityPoolId: IdentityPoolId, getId, logins, credentials } = await startPool(t, guests)
  const ids = [await getId(), await getId(await logins('ana')), await getId()]
  const list = async (input: { MaxResults: number; NextToken?: string; HideDisabled?: boolean }) => {
    const { Identities, NextToken } = await developer.send(
      new ListIdentitiesCommand({ IdentityPoolId, ...input }),
    )
    return { found: Identities?.map((identity) => identity.IdentityId), NextToken }
  }
  const first = await list({ MaxResults: 2 })
  assert.deepEqual(first.found, ids.slice(0, 2))
  assert.deepEqual(await list({ MaxResults: 2, NextToken: first.NextToken ?? '' }), {
    found: ids.slice(2),
    NextToken: undefined,
  })
  // The last guest turns out to be ana.
  assert.equal((await credentials(await logins('ana'), { IdentityId: ids[2] ?? '' })).identityId, ids[1])
  assert.deepEqual((await list({ MaxResults: 60 })).found, ids)
  assert.deepEqual((await list({ MaxResults: 60, HideDisabled: true })).found, ids.slice(0, 2))
  await assert.rejects(list({ MaxResults: 61 }), { name: 'ValidationException' })
  await assert.rejects(list({ MaxResults: 1, NextToken: 'nonsense' }), { name: 'InvalidParameterException' })
})

test('a deleted identity is gone, and its user is a new one', async (t) => {
  const { developer, getId, logins, credentials } = await startPool(t, guests)
  const ana = await getId(await logins('ana'))
  const ben = await getId(await logins('ben'))
  const command = new DeleteIdentitiesCommand({ IdentityIdsToDelete: [ana, nobody] })
  const { UnprocessedIdentityIds } = await developer.send(command)
  assert.deepEqual(UnprocessedIdentityIds, [{ IdentityId: nobody, ErrorCode: 'AccessDenied' }])
  await assert.rejects(credentials(await logins('ana'), { IdentityId: ana }), {
    name: 'ResourceNotFoundException',
  })
  assert.notEqual(await getId(await logins('ana')), ana)
  assert.equal(await getId(await logins('ben')), ben)
  await assert.rejects(
    developer.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [] })),
    refused(
      'ValidationException',
      "1 validation error detected: Value at 'identityIdsToDelete' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ),
  )
  await assert.rejects(
    developer.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [ben, 'x'] })),
    refused(
      'ValidationException',
      "1 validation error detected: Value 'x' at 'identityIdsToDelete.2.member' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+",
    ),
  )
})

test('what was merged into an identity that is deleted leads nowhere', async (t) => {
  const { developer, getId, logins, credentials } = await startPool(t, guests)
  const ana = await getId(await logins('ana'))
  const guest = await getId()
  await credentials(await logins('ana'), { IdentityId: guest })
  await developer.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [ana] }))
  await assert.rejects(credentials(undefined, { IdentityId: guest }), { name: 'ResourceNotFoundException' })
})

test('an unlinked login is a new identity; without any login left, the old one is out of reach', async (t) => {
  const { local, app, getId, logins, credentials } = await startPool(t, {
    ...guests,
    identityPool: { supportedLoginProviders: { [facebook]: 'fb1' } },
  })
  const atFacebook = { [facebook]: await local.issueProviderToken(facebook, { sub: 'a1' }) }
  const Logins = { ...(await logins('ana')), ...atFacebook }
  const IdentityId = await getId(Logins)
  const unlink = async (provider: string, proof: Record<string, string> = Logins) =>
    app.send(new UnlinkIdentityCommand({ IdentityId, Logins: proof, LoginsToRemove: [provider] }))
  await assert.rejects(unlink(facebook, { ...(await logins('ben')), [facebook]: 'x' }), {
    name: 'NotAuthorizedException',
  })
  await assert.rejects(unlink(facebook, await logins('ben')), notAuthorized(/^Logins don't match\./))
  await unlink(facebook)
  assert.notEqual(await getId(atFacebook), IdentityId)
  assert.equal(await getId(await logins('ana')), IdentityId)
  await unlink(userPoolProvider, await logins('ana'))
  assert.notEqual(await getId(await logins('ana')), IdentityId)
  const forbidden = notAuthorized(`Access to Identity '${IdentityId}' is forbidden.`)
  await assert.rejects(credentials(undefined, { IdentityId }), forbidden)
  await assert.rejects(
    credentials(await logins('ana'), { IdentityId }),
    notAuthorized(/^Logins don't match\./),
  )
})

test('a guest has nothing to unlink', async (t) => {
  const { app, getId, logins } = await startPool(t, guests)
  const IdentityId = await getId()
  const input = { IdentityId, Logins: await logins('ana'), LoginsToRemove: [userPoolProvider] }
  await assert.rejects(app.send(new UnlinkIdentityCommand(input)), { name: 'NotAuthorizedException' })
  await assert.rejects(app.send(new UnlinkIdentityCommand({ ...input, Logins: {} })), {
    name: 'NotAuthorizedException',
  })
})
