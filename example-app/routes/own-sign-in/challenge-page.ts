import type { Request, Router } from 'express'
import type { Challenge, ChallengeAnswer } from 'passport-cognito-identity'
import { type Form, type FormPage, formPage } from '../../form-page.ts'
import { httpError } from '../../http-error.ts'
import { type Conversation, idOf, pageOf } from './conversation.ts'

type Named<Name extends Challenge['name']> = Extract<Challenge, { name: Name }>

/** A page for questions of Cognito. */
interface ChallengePage<Name extends Challenge['name'], Field extends string> extends Pick<
  FormPage<Field>,
  'path' | 'view' | 'title' | 'kept' | 'words'
> {
  names: readonly Name[]
  fields: readonly Field[] | ((challenge: Named<Name>) => readonly Field[])
  show?: (challenge: Named<Name>) => object | Promise<object>
  /** The answer, or the page where it is given. */
  answer: (form: Form<Field>, challenge: Named<Name>) => ChallengeAnswer<Named<Name>> | string
}

/** The routes of such a page: open to a browser with a sign-in that asks for it, and closed to everybody else. */
export function challengePage<Name extends Challenge['name'], Field extends string>(
  conversation: Conversation,
  page: ChallengePage<Name, Field>,
): Router {
  const { names, fields, show, answer, ...rest } = page
  const asked = (req: Request) => {
    const challenge = req.session.pending?.challenge
    return challenge && (names as readonly string[]).includes(challenge.name)
      ? (challenge as Named<Name>)
      : undefined
  }
  return formPage<Field | 'challenge'>({
    ...rest,
    fields: (req) => {
      const challenge = asked(req)
      const more = typeof fields === 'function' ? (challenge ? fields(challenge) : []) : fields
      return ['challenge', ...more]
    },
    elsewhere: (req) => {
      const { pending } = req.session
      if (asked(req)) return undefined
      return pending ? pageOf(pending.challenge) : '/sign-in'
    },
    show: async (req) => {
      const challenge = asked(req)
      if (!challenge) return {}
      return { username: challenge.username, challenge: idOf(challenge), ...(await show?.(challenge)) }
    },
    submit: (req, form, res) => {
      const { pending } = req.session
      const challenge = asked(req)
      if (!pending || !challenge || idOf(challenge) !== form.challenge) {
        throw httpError(400, 'This page belongs to a sign-in that is not under way in this browser.')
      }
      const given = answer(form, challenge)
      return typeof given === 'string' ? given : conversation.answer(req, res, pending, given)
    },
  })
}
