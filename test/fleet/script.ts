// A script that makes everything, verifies one token, and closes: then nothing is left that keeps it going.
import { IdentityPool, UserPool } from '../../src/index.ts'
import { redisStore } from '../../src/shared-store/redis.ts'
import { connect } from './redis-client.ts'
import type { AppSettings } from './settings.ts'

const {
  userPool: pool,
  identityPool: identity,
  ...settings
} = JSON.parse(process.env['FLEET'] ?? '') as AppSettings
const token = process.env['TOKEN'] ?? ''

const client = await connect(settings.sessions)
const store = redisStore({ client })
const shared = { store, sealingKey: settings.sealingKey }
const userPool = new UserPool({ ...pool, ...shared })
const identityPool = new IdentityPool({ ...identity, ...shared })

const { sub } = await userPool.verify(token, { tokenUse: 'id' })
const { identityId } = await identityPool.credentials({ [userPool.loginsKey]: token })
await userPool.close()
await identityPool.close()
await store.close()
await client.close()
console.log(JSON.stringify({ sub, identityId }))
