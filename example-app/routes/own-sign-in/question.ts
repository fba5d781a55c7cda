import type { Router } from 'express'
import { FormRefused } from '../../form-page.ts'
import { challengePage } from './challenge-page.ts'
import type { Conversation } from './conversation.ts'

/** What the user pool's own triggers ask, and a page for challenges that this app cannot answer. */
export function questionPage(conversation: Conversation): Router {
  return challengePage(conversation, {
    names: ['CUSTOM_CHALLENGE', 'UNKNOWN'],
    path: '/sign-in/question',
    view: 'own-sign-in/question',
    title: 'One more question',
    fields: ['answer'],
    show: (challenge) => ({
      unknown: challenge.name === 'UNKNOWN' ? challenge.challengeName : undefined,
      answerable: challenge.name === 'CUSTOM_CHALLENGE',
      parameters: challenge.name === 'CUSTOM_CHALLENGE' ? readable(challenge.parameters) : [],
    }),
    answer: ({ answer }, { name }) => {
      if (name === 'CUSTOM_CHALLENGE') return { answer }
      throw new FormRefused('This app cannot answer that.')
    },
  })
}

/** Cognito adds who is asked; everything else is the trigger's. */
function readable(parameters: Record<string, string>): [name: string, value: string][] {
  return Object.entries(parameters).filter(([name]) => !['USERNAME', 'USER_ID_FOR_SRP'].includes(name))
}
