import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import Provider, { type Context } from 'oidc-provider'
import { listen } from '../support/app.ts'

export const userPoolId = 'eu-west-1_Other0001'
export const publicClient = 'other0public0client'
export const confidentialClient = 'other0confidential0client'
export const clientSecret = 'other0secretother0secretother0secretother0secret'

/** An OpenID provider that somebody else wrote, in the place of a user pool. */
export interface OtherProvider {
  url: string
  /** What the ID token says beside the protocol's own claims; a test may change it. */
  claims: Record<string, unknown>
  /** How the access tokens come; the next sign-in sees a change. */
  accessTokenFormat: 'jwt' | 'opaque'
  /** `METHOD /path` of every request. */
  requests: string[]
  /** The error of the last request that the provider refused. */
  lastError(): { error?: string; error_description?: string } | undefined
  close(): Promise<void>
}

/**
 * oidc-provider, bent into the shape of a user pool. What had to be bent, and why:
 * - the routes are Cognito's, the JWKS under the pool's id, because this package asks for no discovery document;
 * - access tokens are JWTs only for a resource server (RFC 8707), so every request gets a default one; they then have an `aud`
 *   and `typ: at+jwt`, which Cognito's do not, and no `openid` scope;
 * - `token_use`, `cognito:username` and `cognito:groups` are claims that only Cognito has;
 * - `conformIdTokenClaims: false`: Cognito puts the claims of all scopes into the ID token;
 * - nobody has to type anything: the login page is a redirect that has ana signed in, and consent is given.
 * Not bent: PKCE is required, `iss` comes with the callback (RFC 9207), the nonce is what was sent, refresh tokens rotate.
 */
export async function startOtherProvider(callbackURL: string): Promise<OtherProvider> {
  const server = createServer()
  const url = await listen(server)
  const other: OtherProvider = {
    url,
    claims: {
      token_use: 'id',
      'cognito:username': 'ana',
      'cognito:groups': ['admin'],
      email: 'ana@example.com',
    },
    accessTokenFormat: 'jwt',
    requests: [],
    lastError: () => lastError as ReturnType<OtherProvider['lastError']>,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  let lastError: unknown
  const provider = new Provider(url, configuration(other, callbackURL))
  for (const event of ['authorization.error', 'grant.error', 'revocation.error', 'server_error'])
    provider.on(event, (_context, error) => (lastError = error))
  const protocol = provider.callback()
  server.on('request', (req, res) => {
    other.requests.push(`${req.method} ${req.url?.split('?')[0]}`)
    const answered = req.url?.startsWith('/login/')
      ? provider.interactionFinished(req, res, { login: { accountId: 'user-1' } })
      : protocol(req, res)
    answered.catch(() => res.destroy())
  })
  return other
}

function configuration(other: OtherProvider, callbackURL: string): Record<string, unknown> {
  const resource = 'https://api.example.com'
  const client = {
    redirect_uris: [callbackURL],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
  return {
    jwks: { keys: [signingKey('RS256', 'rs1'), signingKey('PS256', 'ps1')] },
    clients: [
      { ...client, client_id: publicClient, token_endpoint_auth_method: 'none' },
      { ...client, client_id: confidentialClient, client_secret: clientSecret },
      {
        ...client,
        client_id: 'ps256',
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'PS256',
      },
    ],
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      revocation: '/oauth2/revoke',
      jwks: `/${userPoolId}/.well-known/jwks.json`,
    },
    cookies: { keys: ['a key of the tests, for cookies of the tests'] },
    pkce: { required: () => true },
    scopes: ['openid', 'email', 'profile'],
    claims: {
      openid: ['sub', 'token_use', 'cognito:username', 'cognito:groups'],
      email: ['email'],
      profile: ['name'],
    },
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, ...other.claims }),
    }),
    extraTokenClaims: () => ({ token_use: 'access' }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    loadExistingGrant: (context: Context) => grantAll(context, resource),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/login/${uid}` },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'files/read',
          accessTokenFormat: other.accessTokenFormat,
          ...(other.accessTokenFormat === 'jwt' && { jwt: { sign: { alg: 'RS256' } } }),
        }),
      },
    },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    renderError: (context: { body: unknown }, out: unknown) => {
      context.body = out
    },
  }
}

async function grantAll({ oidc }: Context, resource: string): Promise<unknown> {
  const { clientId } = oidc.client
  const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId })
  grant.addOIDCScope('openid email profile')
  grant.addResourceScope(resource, 'files/read')
  await grant.save()
  return grant
}

function signingKey(alg: string, kid: string): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), alg, kid, use: 'sig' }
}
