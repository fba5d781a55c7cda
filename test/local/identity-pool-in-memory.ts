import { createAccount } from '../../src/local/aws/account.ts'
import { createClock } from '../../src/local/lib/clock.ts'
import { createIdentityPool, type LoginProvider } from '../../src/local/identity-pool/index.ts'
import { createOpenIdTokens, identityPoolArn } from '../../src/local/identity-pool/openid-tokens.ts'
import type { LocalRequest } from '../../src/local/server/http.ts'

/** An identity pool without a server, which takes every caller for the developer. */
export function identityPoolInMemory(options: {
  identityPoolId: string
  allowUnauthenticatedIdentities: boolean
  providers: LoginProvider[]
}): (operation: string, input: Record<string, unknown>) => Promise<object> {
  const { identityPoolId, allowUnauthenticatedIdentities, providers } = options
  const clock = createClock()
  const region = identityPoolId.slice(0, identityPoolId.indexOf(':'))
  const arn = identityPoolArn(region, '000000000000', identityPoolId)
  const guestRole = 'arn:aws:iam::000000000000:role/guest'
  const { assumeRole } = createAccount({
    clock,
    region,
    bucket: 'files',
    identityPoolId,
    accessKeys: [],
    iamRoles: undefined,
    isGuestRole: (roleArn) => roleArn === guestRole,
  })
  const { operations } = createIdentityPool(
    {
      settings: {
        identityPoolId,
        identityPoolName: 'test',
        allowUnauthenticatedIdentities,
        allowClassicFlow: undefined,
        developerProviderName: 'login.example.com',
        supportedLoginProviders: new Map(),
        openIdConnectProviders: [],
        samlProviderArns: [],
      },
      region,
      arn,
      clock,
      poolRoles: {
        roles: { authenticated: 'arn:aws:iam::000000000000:role/user', unauthenticated: guestRole },
        roleMappings: undefined,
      },
      principalTags: new Map(),
      providers: () => providers,
      cognitoIdentityProviders: () => [],
      openIdTokens: createOpenIdTokens({ region, identityPoolId, arn, clock }),
      assumeRole,
      hasRole: () => true,
    },
    async () => {},
  )
  const request: LocalRequest = {
    method: 'POST',
    url: new URL('http://127.0.0.1/'),
    rawUrl: '/',
    headers: {},
    body: Buffer.alloc(0),
  }
  return async (name, input) => {
    const operation = operations[name]
    if (!operation) throw new Error(`no operation ${name}`)
    return operation(input, request)
  }
}
