import { type Stage, user } from './stage.ts'
import type { Visitor } from './visitor.ts'

const form = (username: string) => ({ 'User name': username, Password: user(username).password })

/** Walks through every page of the own sign-in and of the security room, and calls `at` on each of them. */
export async function everyOwnPage(stage: Stage, at: (visitor: Visitor, name: string) => Promise<void>) {
  const walk = async (path: string, steps: (visitor: Visitor) => Promise<string[]>) => {
    const visitor = await stage.visitor()
    await visitor.open(path)
    await visitor.leave({ refusals: await steps(visitor) })
  }

  await walk('/sign-in', async (visitor) => {
    await at(visitor, 'sign-in')
    await visitor.refused({ 'User name': 'ana', Password: 'wrong' }, 'Sign in', 'Incorrect')
    await at(visitor, 'sign-in-refused')
    await visitor.submit({ 'User name': 'ana' }, 'Sign in another way', '/sign-in/choice')
    await at(visitor, 'choice-first')
    await visitor.submit({}, 'With your password', '/sign-in/password')
    await at(visitor, 'password')
    return ['401 /sign-in']
  })
  await walk('/sign-in', async (visitor) => {
    await visitor.submit(form('erik'), 'Sign in', '/sign-in/choice')
    await at(visitor, 'choice-second')
    await visitor.submit({}, 'With a code by text message', '/sign-in/code')
    await at(visitor, 'code-sent')
    await visitor.refused({ Code: '000000' }, 'Sign in', 'The code is wrong.')
    await at(visitor, 'code-refused')
    return ['401 /sign-in/code']
  })
  await walk('/sign-in', async (visitor) => {
    await visitor.submit(form('dana'), 'Sign in', '/sign-in/code')
    await at(visitor, 'code-app')
    await visitor.go('/sign-in')
    await visitor.submit(form('carla'), 'Sign in', '/sign-in/new-password')
    await at(visitor, 'new-password')
    return []
  })
  await walk('/sign-up', async (visitor) => {
    await at(visitor, 'sign-up')
    const chosen = { 'New password': 'Jon-Passw0rd', 'New password again': 'Jon-Passw0rd' }
    const account = { 'User name': 'jon', 'E-mail address': 'jon@example.com', ...chosen }
    await visitor.submit(account, 'Create the account', '/sign-up/confirm')
    await at(visitor, 'confirm-sign-up')
    await visitor.go('/forgot-password')
    await at(visitor, 'forgot-password')
    await visitor.submit({ 'User name': 'ben' }, 'Send a code', '/forgot-password/confirm')
    await at(visitor, 'reset-password')
    return []
  })
  await walk('/sign-in?returnTo=/security', async (visitor) => {
    await visitor.submit(form('ben'), 'Sign in', '/security')
    await visitor.signOut()
    await visitor.go('/sign-in?returnTo=/security')
    await visitor.page.getByRole('checkbox').check()
    await visitor.submit(form('ben'), 'Sign in', '/security')
    await at(visitor, 'security')
    await visitor.go('/security/password')
    await at(visitor, 'security-password')
    await visitor.go('/security')
    await visitor.submit({}, 'Set it up', '/security/authenticator')
    await at(visitor, 'security-authenticator')
    return []
  })
  const managed = await stage.visitor()
  await managed.signIn(user('ana'))
  await managed.go('/security')
  await at(managed, 'security-closed')
  await managed.leave()
}
