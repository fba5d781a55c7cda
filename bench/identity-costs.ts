import { Agent, request } from 'node:http'
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from '@aws-sdk/client-cognito-identity'
import { IdentityPool } from 'passport-cognito-identity'
import type { Stage } from './identity-workloads.ts'
import { type User, userOf } from './identity-contenders.ts'
import { heapPerUser, sessionTokens } from './identity-heap.ts'
import type { Result, Section } from './report.ts'
import { compareRounds, measureRounds, spread } from './rounds.ts'

const USERS_PER_ROUND = 100
const BARE = 'two bare HTTP calls'

/** What one call costs: cached, for the first time, and in memory. */
export async function* compareCosts(stage: Stage, rounds: number): AsyncGenerator<Section> {
  yield { title: 'A cached call', results: await compareCached(stage, rounds) }
  yield { title: 'The first call of a user', results: await compareFirst(stage, rounds) }
  yield { title: 'Heap for each cached user', results: await compareHeap() }
}

async function compareCached(
  { cognito, identityPool: options, loginsKey }: Stage,
  rounds: number,
): Promise<Result[]> {
  await cognito.ask({ type: 'reset' })
  const { tokens: [token = ''] = [] } = await cognito.ask({ type: 'tokens', subjects: ['cached'] })
  const identityPool = new IdentityPool(options)
  const user = userOf(token)
  const logins = { [loginsKey]: user.idToken }
  const { owner } = user
  const provider = identityPool.provider(logins, { owner })
  const calls = {
    'identityPool.credentials(logins, { owner })': () => identityPool.credentials(logins, { owner }),
    'identityPool.provider(logins, { owner })()': provider,
    'identityPool.credentials(logins)': () => identityPool.credentials(logins),
  }
  const measured = Object.entries(calls).map(([name, call]) => ({ name, measure: () => microseconds(call) }))
  const figures = await measureRounds(measured, rounds)
  await identityPool.close()
  return [...figures].map(([name, times]) => ({ name, microseconds: spread(times) }))
}

/** The mean of many calls, one after another. */
async function microseconds(call: () => Promise<unknown>): Promise<number> {
  const times = 50_000
  const start = performance.now()
  for (let index = 0; index < times; index += 1) await call()
  return ((performance.now() - start) / times) * 1_000
}

/** The connection is open and the SDK loaded: what is compared is the way of two calls, not the start of a process. */
async function compareFirst({ cognito, ...stage }: Stage, rounds: number): Promise<Result[]> {
  await cognito.ask({ type: 'reset' })
  const identityPool = new IdentityPool({
    ...stage.identityPool,
    requestsPerSecond: { GetId: 100_000, others: 100_000 },
  })
  let agent = new Agent({ keepAlive: true })
  const { endpoint } = stage.identityPool
  const client = new CognitoIdentityClient({ region: 'eu-west-1', endpoint })
  const ways: Record<string, (user: User) => Promise<unknown>> = {
    [BARE]: (user) => bareCalls(agent, stage, user),
    'the client of the AWS SDK alone': (user) => sdkCalls(client, stage, user),
    'this package': ({ idToken, owner }) =>
      identityPool.credentials({ [stage.loginsKey]: idToken }, { owner }),
  }
  const measured = Object.entries(ways).map(([name, way]) => ({
    name,
    measure: async (round: number) => {
      const subjects = Array.from({ length: USERS_PER_ROUND }, (_, index) => `${name}-${round}-${index}`)
      const { tokens = [] } = await cognito.ask({ type: 'tokens', subjects })
      // The server has closed what was idle meanwhile, and Node's agent may not know yet.
      agent.destroy()
      agent = new Agent({ keepAlive: true })
      return medianMilliseconds(way, tokens.map(userOf))
    },
  }))
  const figures = await measureRounds(measured, rounds)
  agent.destroy()
  client.destroy()
  await identityPool.close()
  return [...figures].map(([name, times]) => ({
    name,
    milliseconds: spread(times),
    timesBare: compareRounds(figures, name, BARE, (figure, base) => figure / base),
  }))
}

async function medianMilliseconds(way: (user: User) => Promise<unknown>, users: User[]): Promise<number> {
  const times: number[] = []
  for (const user of users) {
    const start = performance.now()
    await way(user)
    times.push(performance.now() - start)
  }
  return spread(times).median
}

/** GetId and GetCredentialsForIdentity with Node's own HTTP client and nothing around it. */
async function bareCalls(
  agent: Agent,
  { identityPool, loginsKey }: Omit<Stage, 'cognito'>,
  { idToken }: User,
) {
  const { endpoint, identityPoolId } = identityPool
  const Logins = { [loginsKey]: idToken }
  const { IdentityId } = await post(agent, endpoint, 'GetId', { IdentityPoolId: identityPoolId, Logins })
  return post(agent, endpoint, 'GetCredentialsForIdentity', { IdentityId, Logins })
}

async function sdkCalls(
  client: CognitoIdentityClient,
  { identityPool, loginsKey }: Omit<Stage, 'cognito'>,
  { idToken }: User,
) {
  const { identityPoolId: IdentityPoolId } = identityPool
  const Logins = { [loginsKey]: idToken }
  const { IdentityId } = await client.send(new GetIdCommand({ IdentityPoolId, Logins }))
  return client.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
}

function post(
  agent: Agent,
  endpoint: string,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input)
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityService.${operation}`,
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const call = request(endpoint, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>)).on('error', reject)
    })
    call.on('error', reject).end(body)
  })
}

async function compareHeap(): Promise<Result[]> {
  const results: Result[] = []
  for (const [name, length] of Object.entries(sessionTokens))
    results.push({ name, sessionTokenCharacters: length, bytes: await heapPerUser(length) })
  return results
}
