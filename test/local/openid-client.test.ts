import assert from 'node:assert/strict'
import test from 'node:test'
import * as oidc from 'openid-client'
import { signInOnLoginPage } from '../support/login-form.ts'
import { ana, callbackURL, clientSecret, start } from './domain.ts'

for (const [kind, clientId, authentication] of [
  ['public', 'public1', oidc.None()],
  ['confidential (Basic)', 'confidential1', oidc.ClientSecretBasic(clientSecret)],
  ['confidential (POST)', 'confidential1', oidc.ClientSecretPost(clientSecret)],
] as const) {
  test(`openid-client alone signs in, refreshes and asks userInfo as a ${kind} client`, async (t) => {
    const local = await start()
    t.after(() => local.close())
    const configuration = await oidc.discovery(
      new URL(local.userPool.issuer),
      clientId,
      undefined,
      authentication,
      // Loopback has no TLS; signatures are checked all the same.
      { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
    )
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const checks = { pkceCodeVerifier, expectedNonce: oidc.randomNonce(), expectedState: oidc.randomState() }
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: callbackURL,
      scope: 'openid email',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: checks.expectedNonce,
      state: checks.expectedState,
    })
    const callback = await signInOnLoginPage(url.href, ana)
    const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
      ...checks,
      idTokenExpected: true,
    })
    const sub = tokens.claims()?.sub ?? ''
    assert.equal((await oidc.fetchUserInfo(configuration, tokens.access_token, sub)).email, 'ana@example.com')
    const refreshed = await oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    assert.equal(refreshed.claims()?.sub, sub)
    await oidc.tokenRevocation(configuration, tokens.refresh_token ?? '')
    await assert.rejects(oidc.refreshTokenGrant(configuration, tokens.refresh_token ?? ''), {
      error: 'invalid_grant',
    })
  })
}
