import type { Router } from 'express'
import { challengePage } from './challenge-page.ts'
import type { Conversation } from './conversation.ts'

/** The password, where it was chosen among other ways, or is asked for in the middle of a sign-in. */
export function passwordPage(conversation: Conversation): Router {
  return challengePage(conversation, {
    names: ['SELECT_CHALLENGE', 'PASSWORD_SRP', 'PASSWORD'],
    path: '/sign-in/password',
    view: 'own-sign-in/password',
    title: 'Enter your password',
    fields: ['password'],
    answer: ({ password }, challenge) => {
      if (challenge.name !== 'SELECT_CHALLENGE') return { password }
      const proved = challenge.choices.includes('PASSWORD_SRP')
      return { choice: proved ? 'PASSWORD_SRP' : 'PASSWORD', password }
    },
  })
}
