// The local Cognito of bench/identity.ts, in a process of its own: it answers as fast as it can and keeps count.
import { startLocalCognito, type LocalCognito } from 'passport-cognito-identity/local'
import { answerParent } from './child.ts'

/** What the benchmark asks of its Cognito. */
export type CognitoOrder =
  | { type: 'describe' }
  /** Begin anew: nobody is known, nothing was counted, nothing fails. */
  | { type: 'reset' }
  /** ID tokens of so many users, each with a subject of their own. */
  | { type: 'tokens'; subjects: string[] }
  | { type: 'counts' }
  | { type: 'clear' }
  | { type: 'advance'; seconds: number }
  | { type: 'fail' }

/** What it answers; each order has its own part. */
export interface CognitoReply {
  identityPool?: LocalCognito['identityPool']
  loginsKey?: string
  tokens?: string[]
  calls?: Calls
}

/** How often the operations of the enhanced flow were called. */
export interface Calls {
  GetId: number
  GetCredentialsForIdentity: number
}

const operations = ['GetId', 'GetCredentialsForIdentity'] as const

const started = startLocalCognito({
  userPoolId: 'eu-west-1_Bench0001',
  users: [{ username: 'ana', password: 'Passw0rd!', groups: ['editors'] }],
})

answerParent<CognitoOrder>(async (order): Promise<CognitoReply> => {
  const local = await started
  switch (order.type) {
    case 'describe': {
      const loginsKey = `cognito-idp.eu-west-1.amazonaws.com/${local.userPool.userPoolId}`
      return { identityPool: local.identityPool, loginsKey }
    }
    case 'tokens':
      return { tokens: await Promise.all(order.subjects.map((sub) => tokenOf(local, sub))) }
    case 'counts':
      return { calls: countsOf(local) }
    case 'reset':
      await local.reset()
      return {}
    case 'clear':
      local.requests.clear()
      return {}
    case 'advance':
      local.clock.advance(order.seconds)
      return {}
    case 'fail':
      for (const operation of operations) local.fail(operation, { status: 500 })
      return {}
  }
})

function tokenOf(local: LocalCognito, sub: string): Promise<string> {
  return local.issueToken({ tokenUse: 'id', claims: { sub, 'cognito:username': sub } })
}

function countsOf(local: LocalCognito): Calls {
  const [GetId = 0, GetCredentialsForIdentity = 0] = operations.map((name) => local.requests.count(name))
  return { GetId, GetCredentialsForIdentity }
}
