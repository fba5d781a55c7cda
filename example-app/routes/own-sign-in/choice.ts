import type { Router } from 'express'
import { FormRefused } from '../../form-page.ts'
import { challengePage } from './challenge-page.ts'
import type { Conversation } from './conversation.ts'

/** What this app can ask for, in its own words. */
const ways: Record<string, string> = {
  PASSWORD_SRP: 'With your password',
  PASSWORD: 'With your password',
  EMAIL_OTP: 'With a code by e-mail',
  SMS_OTP: 'With a code by text message',
  WEB_AUTHN: 'With a passkey',
  SMS_MFA: 'With a code by text message',
  SOFTWARE_TOKEN_MFA: 'With a code of your authenticator app',
}

/** Which factor it shall be, the first one or the second. */
export function choicePage(conversation: Conversation): Router {
  return challengePage(conversation, {
    names: ['SELECT_MFA_TYPE', 'SELECT_CHALLENGE'],
    path: '/sign-in/choice',
    view: 'own-sign-in/choice',
    title: 'How do you want to sign in?',
    fields: ['choice'],
    show: ({ choices }) => ({
      choices: offered(choices).map((name) => ({ name, text: ways[name] })),
    }),
    answer: ({ choice }, { choices }) => {
      if (!offered(choices).includes(choice)) throw new FormRefused('Choose one of these ways.')
      // Cognito wants the password together with the choice.
      return choice.startsWith('PASSWORD') ? '/sign-in/password' : { choice }
    },
  })
}

/** A password that can be proved is not sent. */
function offered(choices: string[]): string[] {
  const known = choices.filter((name) => name in ways)
  return known.includes('PASSWORD_SRP') ? known.filter((name) => name !== 'PASSWORD') : known
}
