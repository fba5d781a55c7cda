import { CallbackError, InvalidTokenError } from '../errors.ts'
import { brand, requireText, requireUrl } from '../lib/assert.ts'
import { Seal } from '../lib/seal.ts'
import { type LimitedStore, limitedStore } from '../shared-store/limited-store.ts'
import { Retries } from '../shared-store/retries.ts'
import { Account } from './account/account.ts'
import { assertRequirements, type ClaimsOf, type TokenRequirements, type TokenUse } from './claims.ts'
import { type AuthorizationRequest, authorizationUrl, logoutUrl, redeemCode } from './oauth.ts'
import { CognitoIdp } from './cognito-idp.ts'
import { Devices } from './devices.ts'
import { requireDomain } from './oauth-client.ts'
import { Denylist } from './denylist.ts'
import { endOthers } from './shared/end-others.ts'
import { configureUserPool, type UserPoolConfiguration, type UserPoolOptions } from './options.ts'
import { RefreshTokens } from './refresh-tokens.ts'
import { SharedDenylist } from './shared/shared-denylist.ts'
import { SharedSignIns } from './shared/shared-sign-ins.ts'
import { copyOfTokens } from './sign-in-handle.ts'
import { SignIns } from './sign-ins.ts'
import type { Challenge, ChallengeAnswer } from './sign-in/challenge.ts'
import { Conversations } from './sign-in/conversation.ts'
import { confirmDevice, type ConfirmDeviceOptions, type Device, type NewDevice } from './sign-in/device.ts'
import { AuthExchange } from './sign-in/exchange.ts'
import type { SignInParts } from './sign-in/progress.ts'
import {
  respond,
  type RespondOptions,
  signIn,
  type SignInOptions,
  type SignInStep,
} from './sign-in/sign-in.ts'
import { areTokens, assertTokens, type Tokens } from './tokens.ts'
import { type CognitoUser, toUser, verifyTokens } from './user.ts'
import { createVerifier, type Verifier } from './verify.ts'

/** What {@link UserPool.exchangeCode} needs of the request that got the code. */
export interface CodeExchange {
  callbackURL: string
  code: string
  codeVerifier: string
  nonce: string
}

/**
 * A Cognito user pool and one app client of it: who the caller is. Holds all configuration and caches of the
 * pool; make one and share it. The constructor does no I/O and throws {@link ConfigurationError} for a wrong,
 * empty or unknown option.
 */
export class UserPool {
  readonly userPoolId: string
  readonly region: string
  readonly clientId: string
  readonly issuer: string
  /** Every `iss` that tokens of this pool may carry. */
  readonly issuers: readonly string[]
  /**
   * The pool's key in an identity pool's `Logins`: `cognito-idp.REGION.amazonaws.com/POOL`, whatever the
   * issuer.
   */
  readonly loginsKey: string
  /** The address of the managed login, for pools that have one. */
  readonly domain: string | undefined
  /** @internal */
  readonly [brand] = 'UserPool'
  /** @internal */
  readonly signIns: SignIns
  /** For requirements that were checked before. @internal */
  readonly verifier: Verifier
  /** Sign-up, passwords, second factors, sessions: for apps with forms of their own. */
  readonly account: Account
  /** The remembered devices of users. */
  readonly devices: Devices
  readonly #configuration: UserPoolConfiguration
  readonly #refreshTokens: RefreshTokens
  readonly #denylist: Denylist
  readonly #sharedSignIns: SharedSignIns | undefined
  readonly #direct: SignInParts
  readonly #store: LimitedStore | undefined
  readonly #retries = new Retries()

  constructor(options: UserPoolOptions) {
    const configuration = configureUserPool(options)
    this.userPoolId = configuration.userPoolId
    this.region = configuration.region
    this.clientId = configuration.clientId
    this.issuer = configuration.issuer
    this.issuers = configuration.issuers
    this.loginsKey = configuration.loginsKey
    this.domain = configuration.domain?.href
    this.#configuration = configuration
    const store = (this.#store = limitedStore(configuration.store, (...words) => this.#heard(...words)))
    this.#denylist = new Denylist(store && new SharedDenylist(configuration, store, this.#retries))
    this.verifier = createVerifier(configuration, this.#denylist)
    const idp = new CognitoIdp(configuration)
    this.#refreshTokens = new RefreshTokens(configuration, idp)
    const parts = { retries: this.#retries, revoke: (tokens: Tokens) => this.#refreshTokens.revoke(tokens) }
    this.#sharedSignIns = store && new SharedSignIns(configuration, store, parts)
    this.signIns = new SignIns({
      pool: configuration,
      verifier: this.verifier,
      denylist: this.#denylist,
      refreshTokens: this.#refreshTokens,
      shared: this.#sharedSignIns,
    })
    this.account = new Account({ pool: configuration, idp })
    this.devices = new Devices(configuration, idp)
    this.#direct = {
      pool: configuration,
      idp,
      verifier: this.verifier,
      exchange: new AuthExchange(configuration, idp),
      conversations: new Conversations(configuration, new Seal(configuration.sealingKeys, 'challenge')),
    }
  }

  /**
   * A JWT in, verified and deeply frozen claims out. Throws InvalidTokenError, ForbiddenError (scope, groups)
   * or UnavailableError (JWKS).
   */
  async verify<Use extends TokenUse>(
    token: string,
    requirements: TokenRequirements<Use>,
  ): Promise<ClaimsOf<Use>> {
    assertRequirements(requirements)
    const { claims } = await this.verifier.verify(token, requirements)
    return claims
  }

  /**
   * The user that tokens speak of, after verifying both. For `req.login()`: with a `store`, the sign-in is kept there from now on.
   * Throws like {@link verify}.
   */
  async user(tokens: Tokens, checks: { nonce?: string } = {}): Promise<CognitoUser> {
    assertTokens('user', tokens)
    const verified = await verifyTokens(this.verifier, tokens, checks)
    return toUser({ ...verified, tokens: await this.signIns.keep(verified.tokens, verified.idClaims.sub) })
  }

  /**
   * Signs in with a form of the app's own (InitiateAuth): tokens, or a question for the person. The password is proved,
   * not sent (SRP), unless another flow is asked for. Throws SignInError, UnavailableError, or ConfigurationError.
   */
  signIn(options: SignInOptions): Promise<SignInStep> {
    return signIn(this.#direct, options)
  }

  /**
   * Answers the question that {@link signIn} came back with (RespondToAuthChallenge), on any instance with the same
   * `sealingKey`. Throws like {@link signIn}.
   */
  respond<C extends Challenge>(
    challenge: C,
    answer: ChallengeAnswer<C>,
    options: RespondOptions = {},
  ): Promise<SignInStep> {
    return respond(this.#direct, challenge, answer, options)
  }

  /**
   * Has Cognito remember this device (ConfirmDevice). Keep what comes back for this user, and give it to the next
   * {@link signIn}. Throws like {@link signIn}.
   */
  confirmDevice(newDevice: NewDevice, options?: ConfirmDeviceOptions): Promise<Device> {
    return confirmDevice(this.#direct.idp, newDevice, options)
  }

  /** The address of the managed login for one sign-in, always with state, nonce and PKCE S256. */
  authorizationUrl(request: AuthorizationRequest): Promise<URL> {
    return authorizationUrl(this.#configuration, request)
  }

  /**
   * Redeems a code, once, and verifies what comes back. Throws {@link CallbackError}, or UnavailableError when
   * Cognito cannot be reached.
   */
  async exchangeCode({ nonce, ...exchange }: CodeExchange): Promise<CognitoUser> {
    requireText('exchangeCode', 'nonce', nonce, 'the nonce of the authorization request')
    const tokens = await redeemCode(this.#configuration, exchange)
    return this.user(tokens, { nonce }).catch((error: unknown) => {
      if (!(error instanceof InvalidTokenError)) throw error
      throw new CallbackError(error.reason === 'nonce' ? 'nonce_mismatch' : 'token_response_invalid', error)
    })
  }

  /**
   * New tokens for old, verified; concurrent calls share one exchange. Throws SessionEndedError or
   * UnavailableError.
   */
  async refresh(tokens: Tokens): Promise<CognitoUser> {
    assertTokens('refresh', areTokens(tokens) ? tokens : undefined)
    const refreshed = await this.signIns.refresh(tokens)
    // A copy: what the app does to its tokens must not reach the requests of the sign-in.
    return toUser({ ...refreshed, tokens: copyOfTokens(refreshed.tokens) })
  }

  /**
   * Revokes the refresh token and with it all tokens of the sign-in, for Cognito's own APIs. Throws
   * UnavailableError.
   */
  async revoke(tokens: Tokens): Promise<void> {
    assertTokens('revoke', tokens)
    return this.#refreshTokens.revoke(tokens)
  }

  /**
   * Signs the user out everywhere but here: their other sign-ins that the `store` keeps end in every process, and their refresh
   * tokens are revoked. Gives their number. Throws ConfigurationError without a store, and UnavailableError when it, or Cognito,
   * cannot be reached: then some may live on, and it may be called again.
   */
  async endOtherSignIns(tokens: Tokens): Promise<number> {
    assertTokens('endOtherSignIns', tokens)
    const parts = { signIns: this.signIns, shared: this.#sharedSignIns, refreshTokens: this.#refreshTokens }
    return endOthers(parts, tokens)
  }

  /**
   * Where the browser signs out of Cognito itself; it then comes back to `returnTo`, one of the app client's
   * sign-out URLs.
   */
  logoutUrl(returnTo: string): URL {
    requireUrl('logoutUrl', 'returnTo', returnTo, '"https://app.example.com/"')
    return logoutUrl(this.#configuration, returnTo)
  }

  /**
   * Waits for refreshes under way, tells the `store` what it could not be told yet, and hears of other processes no longer. The `store` and its connection stay open. May be
   * called twice. Rejects with UnavailableError when the `store` still cannot be told.
   */
  async close(): Promise<void> {
    await this.signIns.idle()
    await this.#retries.flush().finally(() => this.#store?.close())
  }

  /** What another process, or this one, said in the shared store. */
  #heard(type: string, key = '', originJti = ''): void {
    if (type === 'denied') this.#denylist.heard(key, originJti)
    else this.#sharedSignIns?.heard(type, key)
  }

  /** Throws {@link ConfigurationError} when the pool has no `domain`. @internal */
  assertDomain(): void {
    requireDomain(this.#configuration)
  }
}
