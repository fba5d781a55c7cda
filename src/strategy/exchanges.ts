import type { CognitoUser } from '../user-pool/user.ts'

/** Code exchanges under way, by `state`. Whoever logs the strategy, which has them among its options, sees none of it. */
export class Exchanges {
  readonly #underWay = new Map<string, Promise<CognitoUser>>()

  get(state: string): Promise<CognitoUser> | undefined {
    return this.#underWay.get(state)
  }

  /** Runs the exchange of a `state`, which others find until it is done. */
  run(state: string, exchange: () => Promise<CognitoUser>): Promise<CognitoUser> {
    const running = exchange().finally(() => this.#underWay.delete(state))
    this.#underWay.set(state, running)
    return running
  }
}
