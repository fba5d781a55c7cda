import type { Router } from 'express'
import type { SignInError } from 'passport-cognito-identity'
import type { Config } from '../../config.ts'
import { wordsFor } from '../../form-page.ts'
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
    words: wordsForCode,
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

/** Cognito calls a code that is too short or no number not wrong, but a request that is not valid. */
export function wordsForCode(error: SignInError): string {
  return error.reason === 'InvalidParameterException' ? 'The code is wrong.' : wordsFor(error)
}
