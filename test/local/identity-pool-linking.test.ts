import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { LoginTokenCheck } from '../../src/local/identity-pool/index.ts'
import { identityPoolInMemory } from './identity-pool-in-memory.ts'

const identityPoolId = 'eu-west-1:128d0a74-c82f-4553-916d-90053e8a11ce'
const here = 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Here00001'
const elsewhere = 'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Elsewhere'

/** A login whose "token" is its claims: what is tested here starts after the signature was found good. */
function login(providerName: string, sub: string): Record<string, string> {
  return { [providerName]: JSON.stringify({ sub, aud: 'client', token_use: 'id', exp: 4_000_000_000 }) }
}

async function verify(token: string): Promise<LoginTokenCheck> {
  return { ok: true, claims: JSON.parse(token) as Record<string, unknown> }
}

describe('identities with logins at two user pools', () => {
  let pool: ReturnType<typeof identityPoolInMemory>

  beforeEach(() => {
    pool = identityPoolInMemory({
      identityPoolId,
      allowUnauthenticatedIdentities: false,
      providers: [here, elsewhere].map((providerName) => ({
        providerName,
        kind: 'user-pool',
        clientIds: () => ['client'],
        verify,
      })),
    })
  })

  const call = async (name: string, input: object): Promise<string> => {
    const answer = await pool(name, { ...input })
    return (answer as { IdentityId: string }).IdentityId
  }
  const getId = (Logins: object) => call('GetId', { IdentityPoolId: identityPoolId, Logins })
  const getCredentials = (IdentityId: string, Logins: object) =>
    call('GetCredentialsForIdentity', { IdentityId, Logins })

  it('two new logins together are one identity', async () => {
    const id = await getId({ ...login(here, 'ana'), ...login(elsewhere, 'a.n.a') })
    assert.equal(await getId(login(here, 'ana')), id)
    assert.equal(await getId(login(elsewhere, 'a.n.a')), id)
    assert.notEqual(await getId(login(elsewhere, 'ana')), id)
  })

  it('a new login beside a known one is linked to its identity', async () => {
    const id = await getId(login(here, 'ana'))
    assert.equal(await getCredentials(id, { ...login(here, 'ana'), ...login(elsewhere, 'a.n.a') }), id)
    assert.equal(await getId(login(elsewhere, 'a.n.a')), id)
  })

  it('two identities of one user are merged, and both ids lead to the one that was asked for', async () => {
    const one = await getId(login(here, 'ana'))
    const other = await getId(login(elsewhere, 'a.n.a'))
    assert.notEqual(one, other)
    const both = { ...login(here, 'ana'), ...login(elsewhere, 'a.n.a') }
    assert.equal(await getCredentials(one, both), one)
    assert.equal(await getId(login(elsewhere, 'a.n.a')), one)
    assert.equal(await getCredentials(other, login(here, 'ana')), one)
  })

  it('two users of one provider never become one, and the refusal changes nothing', async () => {
    const linked = await getId({ ...login(here, 'ana'), ...login(elsewhere, 'a.n.a') })
    const ben = await getId(login(here, 'ben'))
    const mixed = { ...login(here, 'ben'), ...login(elsewhere, 'a.n.a') }
    await assert.rejects(getId(mixed), { type: 'ResourceConflictException' })
    await assert.rejects(getCredentials(ben, mixed), { type: 'ResourceConflictException' })
    assert.equal(await getId(login(here, 'ben')), ben)
    assert.equal(await getId(login(elsewhere, 'a.n.a')), linked)
  })

  it('one bad login refuses the call', async () => {
    const bad = { [elsewhere]: JSON.stringify({ sub: 'a.n.a', token_use: 'id', exp: 4_000_000_000 }) }
    await assert.rejects(getId({ ...login(here, 'ana'), ...bad }), { type: 'NotAuthorizedException' })
  })
})
