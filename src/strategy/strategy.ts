import { asError } from '../lib/cause.ts'
import { hasCode } from '../lib/has-code.ts'
import { tellSignIn } from '../user-pool/sign-in-event.ts'
import { isCallback } from './callback-parameters.ts'
import { finish } from './finish.ts'
import { type CognitoStrategyOptions, configureStrategy, type StrategyConfiguration } from './options.ts'
import { type Actions, deliver, type Outcome } from './outcome.ts'
import { start } from './start.ts'
import { unwanted } from './unwanted.ts'

type Request = Parameters<typeof finish>[1]

/**
 * Passport strategy for Cognito's managed login: the authorization code flow with state, nonce and PKCE S256,
 * always (RFC 9700 §2.1). On the login route it redirects to Cognito; on the callback route it exchanges the
 * code, verifies both tokens, and succeeds with a {@link CognitoUser} and `{ returnTo }` in `req.authInfo`. A
 * person who did not sign in is Passport's `fail`; what is broken is its `error`. Throws ConfigurationError at
 * construction.
 */
export class CognitoStrategy {
  readonly name: string
  /**
   * Passport copies strategies with `Object.create`, which private fields do not survive: the configuration is
   * one public value.
   */
  readonly options: StrategyConfiguration

  constructor(options: CognitoStrategyOptions) {
    this.options = configureStrategy(options)
    this.name = this.options.name
  }

  /** Called by Passport. */
  authenticate(req: object, options: object = {}): void {
    const actions = this as unknown as Actions
    void run(this.options, req as Request, options)
      .catch((error: unknown) => ({ type: 'error' as const, error: asError(error) }))
      .then((outcome) => {
        tell(this.options, outcome)
        deliver(actions, outcome, req)
      })
  }
}

async function run(config: StrategyConfiguration, req: Request, options: object): Promise<Outcome> {
  const callback = isCallback(req, config.callbackPath)
  return unwanted(req, callback) ?? (callback ? finish : start)(config, req, options)
}

/** A redirect or a refused prefetch is no end of a sign-in. */
function tell({ userPool }: StrategyConfiguration, outcome: Outcome): void {
  if (outcome.type === 'success') tellSignIn(userPool, 'strategy', { type: 'succeeded' })
  if (outcome.type === 'error') tellSignIn(userPool, 'strategy', { type: 'failed', error: outcome.error })
  if (outcome.type !== 'fail') return
  const { error } = outcome.info as { error?: unknown }
  tellSignIn(userPool, 'strategy', {
    type: 'failed',
    ...(hasCode(error) ? { error } : { reason: 'refused_by_app' as const }),
  })
}
