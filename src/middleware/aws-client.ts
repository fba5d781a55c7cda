import { ConfigurationError } from '../errors.ts'
import type { AwsClientClass } from '../identity/aws-clients.ts'
import { clientsOf } from '../identity/provider.ts'
import { type CognitoAuth, getAuth } from './request.ts'

/**
 * A client of the AWS SDK v3 that acts as the caller: `awsClient(req, S3Client, { region: 'eu-west-1' })`. The same
 * caller gets the same client for the same configuration; the number of clients is bounded, and all share their
 * connections. `config` may not hold `credentials`. Throws UnauthenticatedError (401) when nobody is recognised, and
 * ConfigurationError when the middleware has no identity pool.
 */
export function awsClient<Config extends object, Client extends object>(
  req: { cognito?: CognitoAuth },
  Client: AwsClientClass<Config, Client>,
  config: Config,
): Client {
  const { credentials } = getAuth(req)
  if ('credentials' in config)
    throw new ConfigurationError('awsClient: leave out "credentials"; they are those of the caller.')
  const clients = credentials[clientsOf]
  if (clients) return clients.get(credentials, Client, config)
  throw new ConfigurationError('awsClient needs an identity pool: session({ userPool, identityPool }).')
}
