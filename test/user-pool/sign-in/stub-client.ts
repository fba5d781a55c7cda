import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'

/** What was sent: the operation, and its input. */
export interface Sent {
  name: string
  input: Record<string, unknown>
}

type Answer = object | Error

/** A Cognito that answers what no honest one would: one answer after the other. */
export function stubClient(...answers: Answer[]): { client: CognitoIdentityProviderClient; sent: Sent[] } {
  const sent: Sent[] = []
  const send = (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    sent.push({ name: command.constructor.name.replace(/Command$/, ''), input: command.input })
    const answer = answers[sent.length - 1] ?? new Error('nothing more to say')
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  return { client: { send } as unknown as CognitoIdentityProviderClient, sent }
}

/** As the SDK throws what the service refuses. */
export function exception(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
