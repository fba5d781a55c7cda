/** Why a browser sign-in did not finish: status, and what the developer should look at. */
export const callbackReasons = {
  parameters_invalid: [
    400,
    'The callback needs exactly one `code` and one `state`, or one `error` and one `state`.',
  ],
  transaction_missing: [
    400,
    'No sign-in was started in this browser session. Is the session cookie lost (SameSite=Strict, Secure over http, another host name), or was the callback opened directly?',
  ],
  transaction_expired: [400, 'The sign-in took longer than ten minutes. Start again at the login route.'],
  transaction_used: [400, 'This callback was already used once. Start again at the login route.'],
  state_mismatch: [
    400,
    'The `state` belongs to none of the sign-ins pending in this browser: a forged callback, or more than ten tabs.',
  ],
  issuer_mismatch: [400, 'The `iss` parameter is not the issuer of this user pool (RFC 9207 §2.4).'],
  access_denied: [401, 'The user or the identity provider refused.'],
  login_required: [401, '`prompt=none` found nobody signed in at Cognito.'],
  authorization_failed: [
    400,
    'Cognito refused the authorization request. Check the scopes, flows and identity providers enabled for the app client, and its triggers.',
  ],
  code_refused: [
    400,
    'Cognito refused the authorization code: already used, older than five minutes, or the PKCE verifier does not belong to it.',
  ],
  client_refused: [
    502,
    'Cognito refused this app client at the token endpoint. Check clientId, clientSecret (set exactly when the client has one) and that callbackURL is registered.',
  ],
  nonce_mismatch: [502, 'The ID token carries another nonce than this sign-in sent.'],
  token_response_invalid: [
    502,
    'What the token endpoint returned does not verify. Check userPoolId, clientId, issuer, and that the scope contains `openid`.',
  ],
} as const satisfies Record<string, readonly [status: number, hint: string]>
