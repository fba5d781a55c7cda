import assert from 'node:assert/strict'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
} from 'aws-jwt-verify/error'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import openid from 'express-openid-connect'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import * as oidc from 'openid-client'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana, Browser, listen, location } from '../support/app.ts'
import express from '../support/express.ts'
import { signInOnLoginPage } from '../support/login-form.ts'

// Clients that we did not write judge the local Cognito: what they take, it does as Cognito does.

describe('CognitoJwtVerifier of aws-jwt-verify', () => {
  const userPoolId = 'eu-west-1_Local0001'
  let local: LocalCognito

  before(async () => {
    // It knows Amazon's hosts only, so this pool signs with Amazon's issuer and the fetch of the keys changes the host.
    const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
    local = await startLocalCognito({
      userPoolId,
      issuer,
      users: [ana],
      clients: [{}, { clientId: 'other1' }],
    })
  })
  after(() => local.close())

  function verifier(tokenUse: 'id' | 'access') {
    const properties = { userPoolId, tokenUse, clientId: local.userPool.clientId }
    const fetcher = {
      fetch: async (uri: string) => {
        const { pathname } = new URL(uri)
        return (await fetch(`${local.url}${pathname}`)).arrayBuffer()
      },
    }
    return CognitoJwtVerifier.create(properties, { jwksCache: new SimpleJwksCache({ fetcher }) })
  }

  for (const tokenUse of ['id', 'access'] as const) {
    test(`takes the ${tokenUse} token`, async () => {
      const claims = await verifier(tokenUse).verify(await local.issueToken({ tokenUse }))
      assert.equal(claims.token_use, tokenUse)
      assert.deepEqual(claims['cognito:groups'], ['admin'])
    })

    test(`refuses an ${tokenUse} token of another kind, of another client, and an expired one`, async () => {
      const other = tokenUse === 'id' ? 'access' : 'id'
      const orders = [
        [{ tokenUse: other }, CognitoJwtInvalidTokenUseError],
        [{ tokenUse, clientId: 'other1' }, CognitoJwtInvalidClientIdError],
        [{ tokenUse, expiresInSeconds: -1 }, JwtExpiredError],
      ] as const
      for (const [order, refusal] of orders)
        await assert.rejects(verifier(tokenUse).verify(await local.issueToken(order)), refusal)
    })
  }
})

describe('openid-client, from the discovery document alone', () => {
  const callbackURL = 'http://localhost:3000/callback'
  const clientSecret = 'peerSecretpeerSecretpeerSecret'
  let local: LocalCognito
  before(async () => {
    local = await startLocalCognito({
      users: [ana],
      clients: [{}, { clientId: 'confidential1', clientSecret }],
    })
  })
  after(() => local.close())

  for (const [kind, clientId, authentication] of [
    ['a public client', undefined, oidc.None()],
    ['a client with its secret in the header', 'confidential1', oidc.ClientSecretBasic(clientSecret)],
    ['a client with its secret in the body', 'confidential1', oidc.ClientSecretPost(clientSecret)],
  ] as const) {
    test(`${kind} signs in, reads userInfo, refreshes and revokes`, async () => {
      const server = new URL(`${local.url}/${local.userPool.userPoolId}`)
      const options = { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] }
      const id = clientId ?? local.userPool.clientId
      const config = await oidc.discovery(server, id, {}, authentication, options)
      const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()]
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callbackURL,
        scope: 'openid email profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      const callback = await signInOnLoginPage(url.href, ana)
      const checks = {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      }
      const tokens = await oidc.authorizationCodeGrant(config, callback, checks)
      const { sub = '' } = tokens.claims() ?? {}
      const userInfo = await oidc.fetchUserInfo(config, tokens.access_token, sub)
      assert.equal(userInfo.email, ana.email)
      const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '')
      assert.equal(refreshed.claims()?.sub, sub)
      await oidc.tokenRevocation(config, tokens.refresh_token ?? '')
      await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token ?? ''), {
        error: 'invalid_grant',
      })
    })
  }
})

describe('express-openid-connect', () => {
  test('signs a browser in at the local Cognito and shows the claims', async (t) => {
    const server = createServer()
    const url = await listen(server)
    const clientSecret = 'peerSecretpeerSecretpeerSecret'
    const local = await startLocalCognito({
      users: [ana],
      clients: [{ clientSecret, callbackURLs: [`${url}/callback`], logoutURLs: [`${url}/`] }],
    })
    t.after(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await local.close()
    })
    const app = express()
    app.use(
      openid.auth({
        issuerBaseURL: local.userPool.issuer,
        baseURL: url,
        clientID: local.userPool.clientId,
        clientSecret,
        secret: 'a secret of the tests, which is long enough',
        authRequired: false,
        // Its default is the implicit flow with form_post, which Cognito does not have.
        authorizationParams: { response_type: 'code', response_mode: 'query', scope: 'openid email' },
      }),
    )
    app.get('/account', openid.requiresAuth(), (req, res) => void res.json(req.oidc.user))
    server.on('request', app as (req: unknown, res: unknown) => void)

    const browser = new Browser({ url })
    const login = await browser.open('/account')
    assert.equal(login.status, 302)
    const callback = await signInOnLoginPage(location(login), ana, browser.jar)
    const back = await browser.open(callback.href)
    assert.deepEqual([back.status, new URL(location(back), url).pathname], [302, '/account'])
    const user = (await (await browser.open('/account')).json()) as Record<string, unknown>
    assert.equal(user['email'], ana.email)
    assert.equal(user['cognito:username'], 'ana')
    assert.deepEqual(user['cognito:groups'], ['admin'])
  })
})
