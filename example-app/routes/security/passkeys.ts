import { Router } from 'express'
import { type CognitoUser, ConfigurationError, type Tokens, type UserPool } from 'passport-cognito-identity'
import { formAction, formPage } from '../../form-page.ts'
import { dateTime } from '../../readable.ts'
import { credentialFrom } from '../own-sign-in/passkey.ts'

declare module 'express-session' {
  interface SessionData {
    /** What the browser makes a passkey from; Cognito takes it once. */
    passkeyOptions: Record<string, unknown>
  }
}

/** The user's passkeys; `undefined` where the user pool has none. */
export async function passkeysOf({ account }: UserPool, tokens: Tokens) {
  const passkeys = await account.listPasskeys(tokens).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return undefined
    throw error
  })
  return passkeys?.map(({ credentialId, name, createdAt }) => ({
    credentialId,
    name: name ?? 'A passkey',
    since: createdAt && dateTime(createdAt),
  }))
}

/** Passkeys, made and removed. Making one is the browser's part, which a script asks of it. */
export function passkeyRoutes({ account }: UserPool): Router {
  const start = formAction({
    path: '/security/passkeys/start',
    fields: [],
    submit: async (req) => {
      const { tokens } = req.user as CognitoUser
      try {
        req.session.passkeyOptions = await account.startPasskey(tokens)
        return '/security/passkeys'
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error
        req.session.notice = 'This user pool has no passkeys.'
        return '/security'
      }
    },
  })
  const complete = formPage({
    path: '/security/passkeys',
    view: 'security/passkey',
    title: 'Add a passkey',
    fields: ['credential'],
    elsewhere: (req) => (req.session.passkeyOptions ? undefined : '/security'),
    show: (req) => ({ options: JSON.stringify(req.session.passkeyOptions) }),
    submit: async (req, { credential }) => {
      const made = credentialFrom(credential)
      // Whatever comes of it: the next one needs new options.
      delete req.session.passkeyOptions
      await account.completePasskey((req.user as CognitoUser).tokens, made)
      req.session.notice = 'The passkey is added. From now on you can sign in with it.'
      return '/security'
    },
  })
  const remove = formAction({
    path: '/security/passkeys/remove',
    fields: ['credentialId'],
    submit: async (req, { credentialId }) => {
      await account.deletePasskey((req.user as CognitoUser).tokens, credentialId)
      req.session.notice = 'The passkey is removed. Nobody can sign in with it any more.'
      return '/security'
    },
  })
  return Router().use(start, complete, remove)
}
