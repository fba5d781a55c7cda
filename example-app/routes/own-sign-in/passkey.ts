import type { Router } from 'express'
import { FormRefused, wordsFor } from '../../form-page.ts'
import { challengePage } from './challenge-page.ts'
import type { Conversation } from './conversation.ts'

/** A signature of a passkey, which a script gets from the browser and puts into the form. */
export function passkeyPage(conversation: Conversation): Router {
  return challengePage(conversation, {
    names: ['WEB_AUTHN'],
    path: '/sign-in/passkey',
    view: 'own-sign-in/passkey',
    title: 'Use your passkey',
    fields: ['credential'],
    words: (error) =>
      error.reason === 'NotAuthorizedException' ? 'The passkey was not accepted.' : wordsFor(error),
    show: ({ options }) => ({ options: JSON.stringify(options) }),
    answer: ({ credential }) => ({ credential: credentialFrom(credential) }),
  })
}

/** What the browser made, as the form of a page carries it. */
export function credentialFrom(text: string): object {
  try {
    const credential: unknown = JSON.parse(text)
    if (typeof credential === 'object' && credential !== null) return credential
  } catch {
    // The same as JSON of another kind: not from the script.
  }
  throw new FormRefused('The browser has given no passkey.')
}
