import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type AuthFlowType,
  type ChallengeNameType,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider'
import { startLocalCognito, type LocalCognito, type LocalCognitoOptions } from '../../../src/local/index.ts'
import { beginSrp } from './srp-client.ts'

export const allFlows = [
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_USER_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
]

export const ana = {
  username: 'ana',
  password: 'Passw0rd!',
  email: 'ana@example.com',
  phoneNumber: '+441234567890',
}

export interface Stage {
  local: LocalCognito
  /** The AWS SDK, with the credentials of an administrator; it signs what must be signed. */
  sdk: CognitoIdentityProviderClient
  initiate(
    flow: string,
    parameters: Record<string, string>,
    more?: { clientId?: string; session?: string | undefined },
  ): Promise<InitiateAuthCommandOutput>
  respond(
    name: string,
    responses: Record<string, string>,
    session: string | undefined,
    clientId?: string,
  ): Promise<InitiateAuthCommandOutput>
  /** SRP as cognito-srp-helper does it. */
  srp(username: string, password: string, more?: Record<string, string>): Promise<InitiateAuthCommandOutput>
}

/** A local Cognito with ana, one public client with every flow, and the AWS SDK before it; ends with the test. */
export async function stage(
  t: Pick<TestContext, 'after'>,
  options: LocalCognitoOptions = {},
): Promise<Stage> {
  const local = await startLocalCognito({
    users: [ana],
    clients: [{ clientId: 'public1', explicitAuthFlows: allFlows }],
    ...options,
  })
  const sdk = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint: local.url,
    maxAttempts: 1,
    credentials: local.awsCredentials,
  })
  t.after(async () => {
    sdk.destroy()
    await local.close()
  })
  const initiate: Stage['initiate'] = (flow, parameters, { clientId = 'public1', session } = {}) =>
    sdk.send(
      new InitiateAuthCommand({
        AuthFlow: flow as AuthFlowType,
        ClientId: clientId,
        AuthParameters: parameters,
        Session: session,
      }),
    )
  const respond: Stage['respond'] = (name, responses, session, clientId = 'public1') =>
    sdk.send(
      new RespondToAuthChallengeCommand({
        ChallengeName: name as ChallengeNameType,
        ClientId: clientId,
        ChallengeResponses: responses,
        Session: session,
      }),
    )
  const srp: Stage['srp'] = async (username, password, parameters = {}) => {
    const begun = await beginSrp(sdk, local.userPool.userPoolId, { username, password }, { parameters })
    return begun.answer(parameters, { Session: begun.first.Session })
  }
  return { local, sdk, initiate, respond, srp }
}

/** `assert.rejects` by name and message, and by the status that Cognito gives every refusal. */
export async function refused(promise: Promise<unknown>, name: string, message: string): Promise<void> {
  await assert.rejects(
    promise,
    (error: { name: string; message: string; $metadata?: { httpStatusCode?: number } }) => {
      const { httpStatusCode } = error.$metadata ?? {}
      assert.deepEqual([error.name, error.message, httpStatusCode], [name, message, 400])
      return true
    },
  )
}

export const notAuthorized = 'NotAuthorizedException'
export const invalid = 'InvalidParameterException'
export const wrongPassword = 'Incorrect username or password.'
export const invalidSession = 'Invalid session for the user.'
