import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import type { Request, Response } from 'express'
import {
  type Challenge,
  type Device,
  SignInError,
  type SignInOptions,
  type SignInStep,
  type UserPool,
} from 'passport-cognito-identity'
import { deviceCookie, dropDevice, keepDevice } from '../../device-cookie.ts'
import { deviceName } from '../../device-name.ts'
import type { UpgradeGuest } from '../../guests.ts'
import { httpError } from '../../http-error.ts'

type SignedIn = Extract<SignInStep, { status: 'signed-in' }>

/** What the visitor wished for when the sign-in began. */
interface Wishes {
  remember: boolean
  returnTo: string
}

/** What must get from one session to the next. */
interface Luggage extends Wishes {
  guest?: string | undefined
}

/** A sign-in that waits for an answer. Whoever has one is nobody yet. */
export interface PendingSignIn extends Luggage {
  challenge: Challenge
}

declare module 'express-session' {
  interface SessionData {
    pending: PendingSignIn
    /** The device of this sign-in, sealed. */
    device: string
  }
}

/** Where each question is asked. */
const pages: Record<Challenge['name'], string> = {
  NEW_PASSWORD_REQUIRED: 'new-password',
  SMS_MFA: 'code',
  EMAIL_OTP: 'code',
  SMS_OTP: 'code',
  SOFTWARE_TOKEN_MFA: 'code',
  SELECT_MFA_TYPE: 'choice',
  SELECT_CHALLENGE: 'choice',
  MFA_SETUP: 'set-up',
  PASSWORD: 'password',
  PASSWORD_SRP: 'password',
  CUSTOM_CHALLENGE: 'question',
  WEB_AUTHN: 'passkey',
  UNKNOWN: 'question',
}

export function pageOf({ name }: Challenge): string {
  return `/sign-in/${pages[name]}`
}

/** Names a challenge in the form that answers it, so that an old tab does not answer a newer question. */
export function idOf({ sealed }: Challenge): string {
  return createHash('sha256').update(sealed).digest('hex').slice(0, 32)
}

/** A sign-in with this app's own pages: begun with a name, gone on with answers. Both tell which page comes next. */
export class Conversation {
  readonly #userPool: UserPool
  readonly #upgradeGuest: UpgradeGuest

  constructor(userPool: UserPool, upgradeGuest: UpgradeGuest) {
    this.#userPool = userPool
    this.#upgradeGuest = upgradeGuest
  }

  async begin(req: Request, res: Response, options: SignInOptions, wishes: Wishes): Promise<string> {
    const device = this.#userPool.devices.open(deviceCookie(req), options.username)
    const step = await this.#userPool.signIn({ ...options, device })
    const { guest } = req.session
    // A new session: whoever may know the id of the old one must not be able to go on with this sign-in.
    if (step.status === 'challenge') await promisify(req.session.regenerate.bind(req.session))()
    else if (step.deviceForgotten) dropDevice(res)
    return this.#next(req, res, step, { ...wishes, guest })
  }

  async answer(req: Request, res: Response, pending: PendingSignIn, answer: object): Promise<string> {
    try {
      const step = await this.#userPool.respond(pending.challenge, answer as never)
      return await this.#next(req, res, step, pending)
    } catch (error) {
      const over = error instanceof SignInError && error.reason.startsWith('challenge_')
      if (!over) throw error
      delete req.session.pending
      if (error.reason === 'challenge_invalid') throw httpError(400, error.publicMessage, { cause: error })
      req.session.notice = error.publicMessage
      return '/sign-in'
    }
  }

  async #next(req: Request, res: Response, step: SignInStep, luggage: Luggage): Promise<string> {
    const { remember, returnTo, guest } = luggage
    if (step.status === 'challenge') {
      // It stays in the session, and so in this browser.
      req.session.pending = { challenge: step.challenge, remember, returnTo, guest }
      return pageOf(step.challenge)
    }
    const confirmed = await this.#device(req, step, remember)
    const user = await this.#upgradeGuest(guest, await this.#userPool.user(step.tokens))
    await new Promise<void>((resolve, reject) => {
      req.login(user, (error?: Error) => (error ? reject(error) : resolve()))
    })
    const device = confirmed ? this.#userPool.devices.seal(confirmed) : deviceCookie(req)
    if (device !== undefined && step.tokens.deviceKey !== undefined) req.session.device = device
    if (confirmed && device !== undefined && remember) keepDevice(res, device)
    return returnTo
  }

  /** The device of a sign-in, where it is a new one. */
  async #device(
    req: Request,
    { tokens, newDevice }: SignedIn,
    remember: boolean,
  ): Promise<Device | undefined> {
    // Not only for those who want to be remembered: without it the tokens could not be refreshed.
    if (newDevice) {
      return this.#userPool.confirmDevice(newDevice, { name: deviceName(req.get('user-agent')), remember })
    }
    const { deviceKey } = tokens
    if (deviceKey !== undefined && remember)
      await this.#userPool.devices.setRemembered(tokens, deviceKey, true)
    return undefined
  }
}
