import type { Router } from 'express'
import { qrCode } from '../../qr-code.ts'
import { challengePage } from './challenge-page.ts'
import { digits, wordsForCode } from './code.ts'
import type { Conversation } from './conversation.ts'

/** Where the user pool demands a second factor of somebody who has none. */
export function setUpPage(conversation: Conversation): Router {
  return challengePage(conversation, {
    names: ['MFA_SETUP'],
    path: '/sign-in/set-up',
    view: 'own-sign-in/set-up',
    title: 'Set up a second step',
    fields: ['code', 'email'],
    kept: ['email'],
    words: wordsForCode,
    show: async ({ totp, choices }) => ({
      totp: totp && (await qrCode(totp)),
      byEmail: choices.includes('EMAIL_OTP'),
    }),
    answer: ({ code, email }, { totp }) => (email !== '' || !totp ? { email } : { code: digits(code) }),
  })
}
