import { optional } from '../server/members.ts'
import type { Client } from '../user-pool/client.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { clientOf } from '../sign-in/client-checks.ts'
import { adminFlows, flows } from '../sign-in/flows.ts'
import { invalidParameter } from '../sign-in/refusal.ts'
import { readInput, type Input } from './input.ts'
import * as model from './model.ts'
import { checkPoolId } from './pool-id.ts'

/** InitiateAuth: begins a sign-in, or refreshes one. */
export async function initiateAuth(pool: UserPool, input: Input): Promise<object> {
  const { AuthFlow, ClientId, Session } = readInput(input, {
    AuthFlow: model.authFlow,
    ClientId: model.clientId,
    Session: optional(model.session),
  })
  const client = clientOf(pool, ClientId)
  return begin(pool, input, { flow: AuthFlow, table: flows, client, session: Session })
}

/** AdminInitiateAuth: the same for a server, with the flows of administrators. */
export async function adminInitiateAuth(pool: UserPool, input: Input): Promise<object> {
  const { AuthFlow, ClientId, UserPoolId, Session } = readInput(input, {
    UserPoolId: model.userPoolId,
    ClientId: model.clientId,
    AuthFlow: model.authFlow,
    Session: optional(model.session),
  })
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
  const { AuthParameters: parameters = new Map(), ClientMetadata: clientMetadata } = readInput(input, {
    AuthParameters: model.parameters,
    ClientMetadata: model.signInMetadata,
  })
  return flow.begin(pool, { client, parameters, session, clientMetadata })
}
