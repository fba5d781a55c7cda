import { optional, string } from '../../server/members.ts'
import { ServiceError } from '../../server/service-error.ts'
import { clientOf } from '../../sign-in/client-checks.ts'
import { invalidParameter } from '../../sign-in/refusal.ts'
import {
  generatedClientSecret,
  newClientSecret,
  type Client,
  type ClientSecret,
} from '../../user-pool/client.ts'
import type { UserPool } from '../../user-pool/user-pool.ts'
import { readInput, type Input } from '../input.ts'
import * as model from '../model.ts'
import { checkPoolId } from '../pool-id.ts'

/** Enough to exchange one for another while apps still use the old one. */
const secretsAtMost = 2

const poolAndClient = { UserPoolId: model.userPoolId, ClientId: model.clientId }

/** AddUserPoolClientSecret: a second one, given or generated. Both count until one is deleted. */
export function addUserPoolClientSecret(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId, ClientSecret } = readInput(input, {
    ...poolAndClient,
    ClientSecret: optional(string({ min: 24, max: 64, pattern: '[\\w+]+', sensitive: true })),
  })
  checkPoolId(pool, UserPoolId)
  const client = clientOf(pool, ClientId)
  // A public client cannot become a confidential one.
  if (client.clientSecrets.length === 0) throw invalidParameter(`Client ${ClientId} has no secret.`)
  if (client.clientSecrets.length >= secretsAtMost) {
    throw new ServiceError('LimitExceededException', `A client can have ${secretsAtMost} secrets at most.`)
  }
  const secret = newClientSecret(client, ClientSecret ?? generatedClientSecret(), pool.clock.nowSeconds())
  change(pool, client, [...client.clientSecrets, secret])
  // What the caller sent is not sent back.
  const shown = ClientSecret === undefined ? { ClientSecretValue: secret.value } : {}
  return { ClientSecretDescriptor: { ...descriptor(secret), ...shown } }
}

/** ListUserPoolClientSecrets: ids and dates, no secrets. */
export function listUserPoolClientSecrets(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId } = readInput(input, {
    ...poolAndClient,
    NextToken: optional(model.nextToken),
  })
  checkPoolId(pool, UserPoolId)
  return { ClientSecrets: clientOf(pool, ClientId).clientSecrets.map(descriptor) }
}

/** DeleteUserPoolClientSecret: whoever still uses it is refused from now on. */
export function deleteUserPoolClientSecret(pool: UserPool, input: Input): object {
  const { UserPoolId, ClientId, ClientSecretId } = readInput(input, {
    ...poolAndClient,
    ClientSecretId: string({ min: 1, max: 256 }),
  })
  checkPoolId(pool, UserPoolId)
  const client = clientOf(pool, ClientId)
  const others = client.clientSecrets.filter(({ id }) => id !== ClientSecretId)
  if (others.length === client.clientSecrets.length) {
    throw new ServiceError('ResourceNotFoundException', 'Client secret does not exist.')
  }
  if (others.length === 0) throw invalidParameter('The last secret of a client cannot be deleted.')
  change(pool, client, others)
  return {}
}

/** In place: the sign-ins that there are go on with the client. */
function change({ clock }: UserPool, client: Client, clientSecrets: ClientSecret[]): void {
  Object.assign(client, { clientSecrets, modifiedAt: clock.now() / 1000 })
}

function descriptor({ id, createdAt }: ClientSecret): object {
  return { ClientSecretId: id, ClientSecretCreateDate: createdAt }
}
