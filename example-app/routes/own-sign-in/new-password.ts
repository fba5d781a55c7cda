import type { Router } from 'express'
import { assertSame } from '../../form-page.ts'
import { challengePage } from './challenge-page.ts'
import type { Conversation } from './conversation.ts'

/** The field of an attribute that the user pool wants and the user does not have. */
const field = (attribute: string) => `attribute.${attribute}`

/** Whoever comes with a temporary password chooses their own, and fills in what the user pool still misses. */
export function newPasswordPage(conversation: Conversation): Router {
  return challengePage(conversation, {
    names: ['NEW_PASSWORD_REQUIRED'],
    path: '/sign-in/new-password',
    view: 'own-sign-in/new-password',
    title: 'Choose a new password',
    fields: ({ requiredAttributes }) => ['newPassword', 'repeated', ...requiredAttributes.map(field)],
    show: ({ requiredAttributes }) => ({
      attributes: requiredAttributes.map((name) => ({
        field: field(name),
        label: name.replace(/^custom:/, '').replaceAll('_', ' '),
      })),
    }),
    answer: (form, { requiredAttributes }) => {
      const { newPassword = '', repeated = '' } = form
      assertSame(newPassword, repeated)
      const attributes = Object.fromEntries(requiredAttributes.map((name) => [name, form[field(name)] ?? '']))
      return { newPassword, attributes }
    },
  })
}
