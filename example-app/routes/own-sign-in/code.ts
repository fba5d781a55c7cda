import type { Router } from 'express'
import type { Config } from '../../config.ts'
import { challengePage } from './challenge-page.ts'
import type { Conversation } from './conversation.ts'

/** The code of an authenticator app, or one that came by text message or e-mail. */
export function codePage(conversation: Conversation, { mailbox }: Config): Router {
  return challengePage(conversation, {
    names: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP', 'SMS_OTP'],
    path: '/sign-in/code',
    view: 'own-sign-in/code',
    title: 'Enter your code',
    fields: ['code'],
    show: (challenge) => ({
      from:
        challenge.name === 'SOFTWARE_TOKEN_MFA'
          ? { app: challenge.deviceName ?? 'your authenticator app' }
          : { medium: challenge.medium, destination: challenge.destination },
      mailbox: mailbox?.(challenge.username),
    }),
    answer: ({ code }) => ({ code: digits(code) }),
  })
}

/** Authenticator apps show codes in two groups, and people type them so. */
export function digits(code: string): string {
  return code.replace(/\s/g, '')
}
