import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import test from 'node:test'
import express from 'express'
import openid from 'express-openid-connect'
import * as oidc from 'openid-client'
import { listen } from '../../support/app.ts'
import { callbackURL } from '../domain.ts'
import { Person } from '../managed-login/person.ts'
import { startWithProviders } from './providers.ts'

// Clients that we did not write sign people of providers in.

test('openid-client signs in with a provider, checks nonce and state, and reads userInfo', async (t) => {
  const local = await startWithProviders(t)
  const server = new URL(local.userPool.issuer)
  const configuration = await oidc.discovery(server, 'public1', undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
  })
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const checks = { pkceCodeVerifier, expectedNonce: oidc.randomNonce(), expectedState: oidc.randomState() }
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackURL,
    scope: 'openid email profile',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    identity_provider: 'Google',
  })
  const person = await (await new Person().go(url)).submit({ person: '0' })
  const tokens = await oidc.authorizationCodeGrant(configuration, person.at, {
    ...checks,
    idTokenExpected: true,
  })
  const info = await oidc.fetchUserInfo(configuration, tokens.access_token, tokens.claims()?.sub ?? '')
  assert.deepEqual([info.email, info['username']], ['gita@example.com', 'Google_104857'])
  const refused = await (await new Person().go(url)).submit({ answer: 'cancel' })
  await assert.rejects(oidc.authorizationCodeGrant(configuration, refused.at, checks), {
    error: 'invalid_request',
  })
})

test('express-openid-connect signs a person of a provider in and out', async (t) => {
  const server = createServer()
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const baseURL = await listen(server)
  const clientSecret = 'peerSecretpeerSecretpeerSecret'
  const client = { clientSecret, callbackURLs: [`${baseURL}/callback`], logoutURLs: [baseURL] }
  const local = await startWithProviders(t, {}, client)
  const app = express()
  const { auth, requiresAuth } = openid
  app.use(
    auth({
      issuerBaseURL: local.userPool.issuer,
      baseURL,
      clientID: 'public1',
      clientSecret,
      secret: 'a secret of more than thirty-two bytes for cookies',
      authRequired: false,
      authorizationParams: {
        response_type: 'code',
        response_mode: 'query',
        scope: 'openid email',
        identity_provider: 'Harbour',
      },
      // Cognito has a sign-out of its own.
      routes: { logout: false },
    }),
  )
  app.get('/me', requiresAuth(), (req, res) => void res.json(req.oidc.user))
  server.on('request', app)
  const person = await new Person().go(`${baseURL}/me`)
  await person.go(person.at)
  assert.equal(person.heading, 'Sign in with Harbour')
  await person.submit({ sub: 'h-1', 'claim.mail': 'hana@harbour.example' })
  await person.go(person.at)
  const user = JSON.parse(person.page) as Record<string, unknown>
  assert.deepEqual([user['email'], user['cognito:username']], ['hana@harbour.example', 'Harbour_h-1'])
  await person.go(
    `${local.url}/logout?${new URLSearchParams({ client_id: 'public1', logout_uri: baseURL }).toString()}`,
  )
  assert.equal(person.at.origin, baseURL)
})
