import type { Clock } from '../lib/clock.ts'

/** What Cognito would send by e-mail or text message. Nothing leaves the machine. */
export interface LocalMessage {
  medium: 'EMAIL' | 'SMS'
  /** An e-mail address or a phone number. */
  to: string
  username: string
  /** Why: `SIGN_UP`, `FORGOT_PASSWORD`, `ATTRIBUTE`, `MFA`, `SIGN_IN` or `INVITATION`. */
  purpose: MessagePurpose
  /** The confirmation code; in an invitation the temporary password. */
  code: string
  subject: string
  body: string
  /** Milliseconds since the epoch, on the server's clock. */
  sentAt: number
}

export type MessagePurpose = 'SIGN_UP' | 'FORGOT_PASSWORD' | 'ATTRIBUTE' | 'MFA' | 'SIGN_IN' | 'INVITATION'

/** The messages "sent", for tests and for whoever runs the command line. */
export interface LocalOutbox {
  /** The youngest last. */
  messages(): LocalMessage[]
  /** The youngest one, to this address or number when one is named. */
  latest(to?: string): LocalMessage | undefined
  clear(): void
  /** Called for every message from now on, until the returned function is called. */
  onMessage(listener: (message: LocalMessage) => void): () => void
}

/** The writing side, which the server keeps to itself. */
export interface Outbox {
  send(message: Omit<LocalMessage, 'sentAt'>): void
  readable: LocalOutbox
}

/** Oldest first out beyond this, so that a client in a loop cannot fill the memory. */
const keepAtMost = 1_000

export function createOutbox(clock: Clock): Outbox {
  const messages: LocalMessage[] = []
  const listeners = new Set<(message: LocalMessage) => void>()
  return {
    send(part) {
      const message = { ...part, sentAt: clock.now() }
      messages.push(message)
      if (messages.length > keepAtMost) messages.shift()
      for (const listener of listeners) listener(message)
    },
    readable: {
      messages: () => [...messages],
      latest: (to) => messages.findLast((message) => to === undefined || message.to === to),
      clear: () => void messages.splice(0),
      onMessage(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
  }
}
