import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import {
  DescribeIdentityCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  LookupDeveloperIdentityCommand,
  MergeDeveloperIdentitiesCommand,
  UnlinkDeveloperIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { notAuthorized, refused, startPool, unverified, userPoolProvider } from './identity-pool-client.ts'

const provider = 'login.example.jp'
const own = 'cognito-identity.amazonaws.com'

async function start(t: TestContext) {
  const pool = await startPool(t, {
    allowUnauthenticatedIdentities: true,
    identityPool: {
      developerProviderName: provider,
      supportedLoginProviders: { 'graph.facebook.com': 'fb1' },
    },
  })
  const { developer, identityPoolId: IdentityPoolId } = pool
  return {
    ...pool,
    signIn: async (user: string | Record<string, string>, more: object = {}) => {
      const Logins = typeof user === 'string' ? { [provider]: user } : user
      const input = { IdentityPoolId, Logins, ...more }
      const answer = await developer.send(new GetOpenIdTokenForDeveloperIdentityCommand(input))
      return { identityId: answer.IdentityId ?? '', token: answer.Token ?? '' }
    },
    lookup: async (input: object) => {
      const command = new LookupDeveloperIdentityCommand({ IdentityPoolId, ...input })
      const { $metadata: _, ...answer } = await developer.send(command)
      return answer
    },
    merge: async (SourceUserIdentifier: string, DestinationUserIdentifier: string, changes: object = {}) => {
      const input = {
        IdentityPoolId,
        SourceUserIdentifier,
        DestinationUserIdentifier,
        DeveloperProviderName: provider,
        ...changes,
      }
      return (await developer.send(new MergeDeveloperIdentitiesCommand(input))).IdentityId
    },
    unlink: (IdentityId: string, DeveloperUserIdentifier: string) =>
      developer.send(
        new UnlinkDeveloperIdentityCommand({
          IdentityPoolId,
          IdentityId,
          DeveloperProviderName: provider,
          DeveloperUserIdentifier,
        }),
      ),
  }
}

test('a user of the own backend has one identity, a token of fifteen minutes, and credentials for it', async (t) => {
  const { identityPoolId, signIn, credentials, callerOf } = await start(t)
  const { identityId, token } = await signIn('member-42')
  assert.equal((await signIn('member-42')).identityId, identityId)
  assert.notEqual((await signIn('member-43')).identityId, identityId)
  const { sub, amr, exp, iat } = unverified(token).claims
  assert.deepEqual(
    [sub, amr, Number(exp) - Number(iat)],
    [identityId, ['authenticated', provider, `${provider}:${identityPoolId}:member-42`], 900],
  )
  const issued = await credentials({ [own]: token }, { IdentityId: identityId })
  assert.equal(issued.identityId, identityId)
  assert.match(await callerOf(issued), /assumed-role\/local-authenticated\/CognitoIdentityCredentials$/)
})

test('the duration of the token is as asked for, up to a day', async (t) => {
  const { local, signIn, credentials } = await start(t)
  const { token, identityId } = await signIn('member-42', { TokenDuration: 86_400 })
  const { exp, iat } = unverified(token).claims
  assert.equal(Number(exp) - Number(iat), 86_400)
  for (const [TokenDuration, bound] of [
    [0, 'greater than or equal to 1'],
    [86_401, 'less than or equal to 86400'],
  ] as const)
    await assert.rejects(
      signIn('member-42', { TokenDuration }),
      refused(
        'ValidationException',
        `1 validation error detected: Value '${TokenDuration}' at 'tokenDuration' failed to satisfy constraint: Member must have value ${bound}`,
      ),
    )
  local.clock.advance(86_000)
  assert.equal((await credentials({ [own]: token })).identityId, identityId)
  local.clock.advance(400)
  await assert.rejects(credentials({ [own]: token }), notAuthorized(/Token expired/))
})

test('the identity of somebody signed in is refused without the token, and to a user id alone', async (t) => {
  const { signIn, credentials } = await start(t)
  const { identityId } = await signIn('member-42')
  await assert.rejects(
    credentials(undefined, { IdentityId: identityId }),
    notAuthorized(`Access to Identity '${identityId}' is forbidden.`),
  )
  await assert.rejects(
    credentials({ [provider]: 'member-42' }, { IdentityId: identityId }),
    notAuthorized('Token is not from a supported provider of this identity pool.'),
  )
})

test('a guest who registers keeps the identity; a user of another identity is refused', async (t) => {
  const { getId, signIn } = await start(t)
  const guest = await getId()
  assert.equal((await signIn('member-42', { IdentityId: guest })).identityId, guest)
  assert.equal((await signIn('member-42')).identityId, guest)
  assert.equal((await signIn('alias-of-42', { IdentityId: guest })).identityId, guest)
  const other = await getId()
  await assert.rejects(signIn('member-42', { IdentityId: other }), {
    name: 'DeveloperUserAlreadyRegisteredException',
  })
  const nobody = 'us-east-1:00000000-0000-4000-8000-000000000000'
  await assert.rejects(
    signIn('member-42', { IdentityId: nobody }),
    refused('ResourceNotFoundException', `Identity '${nobody}' not found.`),
  )
})

test('logins at other providers are checked and linked, and never taken from another identity', async (t) => {
  const { local, signIn, getId, logins } = await start(t)
  const facebook = {
    'graph.facebook.com': await local.issueProviderToken('graph.facebook.com', { sub: 'a1' }),
  }
  const { identityId, token } = await signIn({ [provider]: 'member-42', ...facebook })
  assert.equal(await getId(facebook), identityId)
  const { amr } = unverified(token).claims
  assert.deepEqual((amr as string[]).slice(3), ['graph.facebook.com', 'graph.facebook.com:fb1:a1'])
  const ana = await getId(await logins('ana'))
  await assert.rejects(signIn({ [provider]: 'member-42', ...(await logins('ana')) }), {
    name: 'ResourceConflictException',
  })
  assert.equal(await getId(await logins('ana')), ana)
  await assert.rejects(signIn({ [provider]: 'member-42', 'graph.facebook.com': 'EAAx.y' }), {
    name: 'NotAuthorizedException',
  })
  await assert.rejects(signIn({}), { name: 'InvalidParameterException' })
  assert.equal((await signIn(await logins('ana'))).identityId, ana)
})

test('a lookup goes both ways, in pages, and tells when the two do not belong together', async (t) => {
  const { signIn, lookup, getId } = await start(t)
  const { identityId: IdentityId } = await signIn('a')
  await signIn('b', { IdentityId })
  await signIn('c', { IdentityId })
  const other = (await signIn('d')).identityId
  assert.deepEqual(await lookup({ DeveloperUserIdentifier: 'b' }), {
    IdentityId,
    DeveloperUserIdentifierList: ['a', 'b', 'c'],
  })
  assert.deepEqual(await lookup({ IdentityId, DeveloperUserIdentifier: 'b' }), {
    IdentityId,
    DeveloperUserIdentifierList: ['b'],
  })
  const { NextToken, ...first } = await lookup({ IdentityId, MaxResults: 2 })
  assert.deepEqual(first, { IdentityId, DeveloperUserIdentifierList: ['a', 'b'] })
  assert.deepEqual(await lookup({ IdentityId, MaxResults: 2, NextToken }), {
    IdentityId,
    DeveloperUserIdentifierList: ['c'],
  })
  await assert.rejects(lookup({ IdentityId: other, DeveloperUserIdentifier: 'b' }), {
    name: 'ResourceConflictException',
  })
  await assert.rejects(lookup({ DeveloperUserIdentifier: 'nobody' }), { name: 'ResourceNotFoundException' })
  await assert.rejects(lookup({}), { name: 'InvalidParameterException' })
  await assert.rejects(lookup({ IdentityId, NextToken: 'nonsense' }), { name: 'InvalidParameterException' })
  assert.deepEqual(
    await lookup({ IdentityId: await getId() }).then((found) => found.DeveloperUserIdentifierList),
    [],
  )
})

test('two merged users are the destination from then on, with all logins of both', async (t) => {
  const { local, signIn, merge, lookup, getId, developer } = await start(t)
  const source = (await signIn('old')).identityId
  const facebook = {
    'graph.facebook.com': await local.issueProviderToken('graph.facebook.com', { sub: 'a1' }),
  }
  await signIn({ [provider]: 'old', ...facebook })
  const destination = (await signIn('new')).identityId
  assert.equal(await merge('old', 'new'), destination)
  assert.equal((await signIn('old')).identityId, destination)
  assert.equal(await getId(facebook), destination)
  const { DeveloperUserIdentifierList: users } = await lookup({ IdentityId: destination })
  assert.deepEqual(users, ['new', 'old'])
  const describe = async (IdentityId: string) =>
    (await developer.send(new DescribeIdentityCommand({ IdentityId }))).Logins
  assert.deepEqual(await describe(destination), [provider, 'graph.facebook.com'])
  assert.equal(await describe(source), undefined)
  assert.equal(await merge('old', 'new'), destination)
})

test('a merge is refused for strangers, for another provider, and where both have a login at one provider', async (t) => {
  const { local, signIn, merge } = await start(t)
  await signIn('a')
  await assert.rejects(merge('a', 'nobody'), { name: 'ResourceNotFoundException' })
  await assert.rejects(merge('nobody', 'a'), { name: 'ResourceNotFoundException' })
  await signIn('b')
  await assert.rejects(merge('a', 'b', { DeveloperProviderName: 'login.other.jp' }), {
    name: 'InvalidParameterException',
  })
  for (const user of ['a', 'b']) {
    const token = await local.issueProviderToken('graph.facebook.com', { sub: user })
    await signIn({ [provider]: user, 'graph.facebook.com': token })
  }
  await assert.rejects(merge('a', 'b'), { name: 'ResourceConflictException' })
  assert.notEqual((await signIn('a')).identityId, (await signIn('b')).identityId)
})

test('an identity has at most twenty logins', async (t) => {
  const { signIn, merge } = await start(t)
  const { identityId: IdentityId } = await signIn('user-0')
  for (let number = 1; number < 20; number += 1) await signIn(`user-${number}`, { IdentityId })
  await assert.rejects(signIn('user-20', { IdentityId }), { name: 'InvalidParameterException' })
  const { identityId } = await signIn('user-20')
  await assert.rejects(merge('user-20', 'user-0'), { name: 'InvalidParameterException' })
  assert.equal((await signIn('user-20')).identityId, identityId)
})

test('an unlinked user is a new identity, and the old one, without any login left, is out of reach', async (t) => {
  const { signIn, unlink, credentials } = await start(t)
  const { identityId, token } = await signIn('member-42')
  await assert.rejects(unlink(identityId, 'member-43'), { name: 'ResourceNotFoundException' })
  await unlink(identityId, 'member-42')
  assert.notEqual((await signIn('member-42')).identityId, identityId)
  await assert.rejects(credentials(undefined, { IdentityId: identityId }), {
    message: `Access to Identity '${identityId}' is forbidden.`,
  })
  // The token was good when it was issued, and says nothing of logins.
  assert.equal((await credentials({ [own]: token }, { IdentityId: identityId })).identityId, identityId)
})

test('tags that the backend names are in the token, in the form that STS reads', async (t) => {
  const { signIn } = await start(t)
  const { token } = await signIn('member-42', { PrincipalTags: { team: 'sales' } })
  assert.deepEqual(unverified(token).claims['https://aws.amazon.com/tags'], {
    principal_tags: { team: ['sales'] },
    transitive_tag_keys: [],
  })
})

test('without a developer provider nobody is registered', async (t) => {
  const { developer, identityPoolId: IdentityPoolId, logins } = await startPool(t)
  const get = (Logins: Record<string, string>) =>
    developer.send(new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins }))
  await assert.rejects(get({ [provider]: 'member-42' }), { name: 'NotAuthorizedException' })
  const { Token = '' } = await get(await logins('ana'))
  assert.deepEqual((unverified(Token).claims['amr'] as string[]).slice(0, 2), [
    'authenticated',
    userPoolProvider,
  ])
})
