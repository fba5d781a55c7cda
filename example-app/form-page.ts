import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { SignInError } from 'passport-cognito-identity'
import { httpError } from './http-error.ts'

/** What a form sent: each of its fields as text, empty where it was left out. */
export type Form<Field extends string> = Record<Field, string>

/** A form that cannot be accepted as it was filled in. */
export class FormRefused extends Error {
  readonly status = 400
}

interface Receiver<Field extends string> {
  path: string
  /** All that the form may hold. */
  fields: readonly Field[] | ((req: Request) => readonly Field[])
  /** Does what the form asks for, and tells where to go on. */
  submit: (req: Request, form: Form<Field>, res: Response) => Promise<string> | string
}

/** A page that is a form: GET draws it, POST takes it. */
export interface FormPage<Field extends string> extends Receiver<Field> {
  view: string
  title: string
  /** What comes back into the form when it must be filled in again: never a password or a code. */
  kept?: readonly Field[]
  /** Where a visitor goes for whom this page is not, or not now. */
  elsewhere?: (req: Request) => string | undefined
  /** What the page shows beside its form. */
  show?: (req: Request) => object | Promise<object>
  /** How a refusal is put to the visitor. */
  words?: (error: SignInError) => string
}

/**
 * The routes of a form page. Nothing of a form is ever read from an address; after a POST the browser is sent on with 303, and
 * what Cognito refuses is said above the same form.
 */
export function formPage<Field extends string>(page: FormPage<Field>): Router {
  const { path, view, title, kept = [], words = wordsFor } = page
  const draw = async (req: Request, res: Response, locals: object = {}) => {
    const notice = req.session.notice
    delete req.session.notice
    const shown = await page.show?.(req)
    res.render(view, { title, notice, refusal: undefined, values: {}, ...shown, ...locals })
  }
  const router = Router()
  router
    .route(path)
    .get(noFieldsInAddress(page.fields), async (req, res) => {
      const elsewhere = page.elsewhere?.(req)
      if (elsewhere !== undefined) res.redirect(303, elsewhere)
      else await draw(req, res)
    })
    .post(...receive(page.fields), async (req, res) => {
      const form = req.body as Form<Field>
      try {
        res.redirect(303, await page.submit(req, form, res))
      } catch (error) {
        const refused = error instanceof FormRefused || (error instanceof SignInError && error.status < 500)
        if (!refused) throw error
        res.status(error.status).set(error instanceof SignInError ? error.headers : {})
        const values = Object.fromEntries(kept.map((field) => [field, form[field]]))
        await draw(req, res, { refusal: error instanceof SignInError ? words(error) : error.message, values })
      }
    })
    .all(methodNotAllowed('GET, POST'))
  return router
}

/** The route of a form that stands on another page: a button, mostly. */
export function formAction<Field extends string>({ path, fields, submit }: Receiver<Field>): Router {
  const router = Router()
  router
    .route(path)
    .post(...receive(fields), async (req, res) => {
      res.redirect(303, await submit(req, req.body as Form<Field>, res))
    })
    .all(methodNotAllowed('POST'))
  return router
}

/** What a visitor is told about a refusal. Of Cognito's own words only those about the password policy are for them. */
export function wordsFor({ reason, message, publicMessage }: SignInError): string {
  if (reason === 'InvalidParameterException') return 'Something in the form is missing or not valid.'
  if (reason !== 'InvalidPasswordException') return publicMessage
  const rule = /Password (?:not long enough|must have (?:uppercase|lowercase|numeric|symbol) characters)/
  const broken = rule.exec(message)?.[0]
  return broken === undefined ? publicMessage : `${broken}.`.replace('Password not', 'The password is not')
}

/** Both fields for a new password, which nobody can read while typing. */
export function assertSame(password: string, repeated: string): void {
  if (password !== repeated) throw new FormRefused('The two passwords are not the same.')
}

const parse = express.urlencoded({ extended: false, limit: 10_000, parameterLimit: 20 })

type Fields = readonly string[] | ((req: Request) => readonly string[])
const namesOf = (fields: Fields, req: Request) => (typeof fields === 'function' ? fields(req) : fields)

/** A small, flat, urlencoded body with the fields of the form and no others, each of them once. */
function receive(fields: Fields): RequestHandler[] {
  const onlyForms: RequestHandler = (req, _res, next) => {
    if (req.originalUrl.includes('?')) throw httpError(400, 'A form does not belong into the address.')
    if (!req.is('application/x-www-form-urlencoded')) throw httpError(415, 'Only forms are taken here.')
    next()
  }
  const onlyFields: RequestHandler = (req, _res, next) => {
    const names = namesOf(fields, req)
    const sent = Object.entries((req.body ?? {}) as Record<string, unknown>)
    if (!sent.every(([name, value]) => names.includes(name) && typeof value === 'string')) {
      throw httpError(400, 'The form holds something that does not belong into it.')
    }
    const given = new Map(sent)
    req.body = Object.fromEntries(names.map((name) => [name, given.get(name) ?? '']))
    next()
  }
  return [onlyForms, parse, onlyFields]
}

/** A form that was sent as an address has left its password in logs and in the history: it must not look as if that worked. */
function noFieldsInAddress(fields: Fields): RequestHandler {
  return (req, res, next) => {
    const names = namesOf(fields, req).filter((name) => name !== 'returnTo')
    if (names.some((name) => name in req.query)) return methodNotAllowed('POST')(req, res, next)
    next()
  }
}

function methodNotAllowed(allow: string): RequestHandler {
  return (_req, _res, next) => {
    next(httpError(405, 'This page is not used this way.', { headers: { Allow: allow } }))
  }
}
