import assert from 'node:assert/strict'
import test from 'node:test'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { IdentityPool, UserPool } from '../../src/index.ts'
import { start } from './domain.ts'

for (const [region, suffix, partition] of [
  ['eu-west-1', 'amazonaws.com', 'aws'],
  ['us-gov-west-1', 'amazonaws.com', 'aws-us-gov'],
  ['cn-north-1', 'amazonaws.com.cn', 'aws-cn'],
  ['eusc-de-east-1', 'amazonaws.eu', 'aws-eusc'],
] as const) {
  test(`a user of a pool in ${region} gets credentials under the key that Amazon's pools have there`, async (t) => {
    const local = await start({ userPoolId: `${region}_Local0001` })
    t.after(() => local.close())
    const { loginsKey } = new UserPool(local.userPool)
    assert.equal(loginsKey, `cognito-idp.${region}.${suffix}/${region}_Local0001`)
    const idToken = await local.issueToken({ tokenUse: 'id' })
    const { identityId, ...credentials } = await new IdentityPool(local.identityPool).credentials({
      [loginsKey]: idToken,
    })
    assert.ok(identityId.startsWith(`${region}:`))
    const sts = new STSClient({ ...local.sts, credentials, maxAttempts: 1 })
    t.after(() => sts.destroy())
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
    assert.match(Arn ?? '', new RegExp(`^arn:${partition}:sts::`))
  })
}

test('identities are in the Region of the identity pool, which need not be that of the user pool', async (t) => {
  const local = await start({ identityPoolId: 'eu-central-1:128d0a74-c82f-4553-916d-90053e8a11ce' })
  t.after(() => local.close())
  const { loginsKey } = new UserPool(local.userPool)
  const idToken = await local.issueToken({ tokenUse: 'id' })
  const { identityId } = await new IdentityPool(local.identityPool).credentials({ [loginsKey]: idToken })
  assert.match(identityId, /^eu-central-1:/)
})
