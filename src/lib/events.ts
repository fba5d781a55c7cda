import { type Channel, channel } from 'node:diagnostics_channel'

/**
 * Channels of `node:diagnostics_channel` on which the package says what it does: `passport-cognito-identity:NAME`.
 * Payloads hold no secrets. Costs nothing while nobody listens.
 */
export class Events<Payload extends object> {
  readonly #channel: Channel

  constructor(name: string) {
    this.#channel = channel(`passport-cognito-identity:${name}`)
  }

  publish(payload: Payload): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(payload)
  }
}
