import type { Client } from '../user-pool/client.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { adminFlows, flows } from '../sign-in/flows.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { clientMetadata, readStrings, stringMap, type Input } from './input.ts'
import { checkPoolId } from './pool-id.ts'

/** InitiateAuth: begins a sign-in, or refreshes one. */
export async function initiateAuth(pool: UserPool, input: Input): Promise<object> {
  const { AuthFlow, ClientId, Session } = readStrings(input, ['AuthFlow', 'ClientId'], ['Session'])
  const client = clientOf(pool, ClientId)
  return begin(pool, input, { flow: AuthFlow, table: flows, client, session: Session })
}

/** AdminInitiateAuth: the same for a server, with the flows of administrators. */
export async function adminInitiateAuth(pool: UserPool, input: Input): Promise<object> {
  const { AuthFlow, ClientId, UserPoolId, Session } = readStrings(
    input,
    ['UserPoolId', 'ClientId', 'AuthFlow'],
    ['Session'],
  )
  checkPoolId(pool, UserPoolId)
  const client = clientOf(pool, ClientId)
  return begin(pool, input, { flow: AuthFlow, table: adminFlows, client, session: Session })
}

async function begin(
  pool: UserPool,
  input: Input,
  {
    flow: name,
    table,
    client,
    session,
  }: { flow: string; table: typeof flows; client: Client; session: string | undefined },
): Promise<object> {
  const flow = table.get(name)
  if (!flow) throw invalidParameter('Initiate Auth method not supported')
  if (!client.explicitAuthFlows.includes(flow.needs)) {
    throw invalidParameter(`${name} flow not enabled for this client`)
  }
  const parameters = stringMap(input, 'AuthParameters')
  return flow.begin(pool, { client, parameters, session, clientMetadata: clientMetadata(input) })
}
