import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ConfigurationError } from './options/configuration-error.ts'
import type { LocalClient } from './options/client-options.ts'
import type { LocalCognitoOptions } from './options/options.ts'
import type { LocalUser } from './options/user-options.ts'

/** The arguments make no sense; the message says which. */
export class UsageError extends Error {}

export const usage = `Usage: passport-cognito-identity local [options]

Starts a Cognito on 127.0.0.1 for development: user pool, managed login, identity pool, STS and S3.

  --config file.json         options of startLocalCognito; what stands beside it on the command line goes first
  --user name:password       a user; may be repeated
  --users file.json          users as startLocalCognito takes them
  --temporary-user name:password
                             a user who must choose a new password at the first sign-in; may be repeated
  --email name:address       the user's e-mail address; default: the name, where it is an address
  --group name:group         puts a user into a group; may be repeated
  --port number              default 9229; 0 takes any free port
  --persist file.json        keeps users, sign-ins, objects and keys over restarts
  --client-id id             default: generated at each start
  --client-secret secret     default: none (a public client)
  --callback-url url         may be repeated; default http://localhost:3000/callback and the same on 127.0.0.1
  --logout-url url           may be repeated; default http://localhost:3000/ and the same on 127.0.0.1
  --user-pool-id id          default us-east-1_Local0001
  --allow-guests             the identity pool gives credentials to guests
  --help                     shows this

Example: passport-cognito-identity local --user ana:Passw0rd! --group ana:admin`

const several = { type: 'string', multiple: true } as const
const one = { type: 'string' } as const

/** Options for `startLocalCognito` from the arguments after the program's name. Throws {@link UsageError}. */
export function commandLine(args: string[]): LocalCognitoOptions | 'help' {
  const { values, positionals } = parse(args)
  if (values.help || args.length === 0) return 'help'
  if (positionals.length !== 1 || positionals[0] !== 'local')
    throw new UsageError('The command must be "local".')
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
    throw new UsageError('--port must be a number.')
  const config =
    values.config === undefined ? {} : (jsonFrom('--config', values.config) as LocalCognitoOptions)
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new UsageError('--config must be a JSON file with an object.')
  const users = [
    ...listed('--config', config.users),
    ...listed('--users', fileOf(values)),
    ...usersFrom(values),
  ]
  return {
    ...config,
    port: values.port === undefined ? (config.port ?? 9229) : Number(values.port),
    userPoolId: values['user-pool-id'] ?? config.userPoolId,
    allowUnauthenticatedIdentities: values['allow-guests'] ?? config.allowUnauthenticatedIdentities,
    persist: values.persist ?? config.persist,
    users,
    clients: clientsFrom(values, config),
  }
}

/** The first client of the file, changed as the command line says, and the others. */
function clientsFrom(
  values: ReturnType<typeof parse>['values'],
  { clients }: LocalCognitoOptions,
): LocalClient[] {
  const [first, ...others] = listed('--config', clients)
  const given = {
    clientId: values['client-id'],
    clientSecret: values['client-secret'],
    callbackURLs: values['callback-url'],
    logoutURLs: values['logout-url'],
  }
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return [{ ...first, ...said }, ...others]
}

function fileOf({ users }: ReturnType<typeof parse>['values']): LocalUser[] | undefined {
  return users === undefined ? undefined : (jsonFrom('--users', users) as LocalUser[])
}

/** What is in the list is checked with all other options. */
function listed<T>(option: string, value: T[] | undefined): T[] {
  if (value === undefined) return []
  if (!Array.isArray(value))
    throw new UsageError(`${option} must be a JSON file with a list of users or clients.`)
  return value
}

/** Neither the path nor the content is repeated: the file holds passwords. */
function jsonFrom(option: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new UsageError(`${option} must be a JSON file that can be read.`)
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        port: one,
        config: one,
        users: one,
        persist: one,
        user: several,
        'temporary-user': several,
        email: several,
        group: several,
        'client-id': one,
        'client-secret': one,
        'callback-url': several,
        'logout-url': several,
        'user-pool-id': one,
        'allow-guests': { type: 'boolean' },
      },
    })
  } catch {
    // Node's own message quotes the argument, which may be a password.
    throw new UsageError('An option is unknown or has no value.')
  }
}

function usersFrom(values: ReturnType<typeof parse>['values']): LocalUser[] {
  const groups = (values.group ?? []).map((value) => pair('--group', value))
  const emails = (values.email ?? []).map((value) => pair('--email', value))
  const users = [
    ...(values.user ?? []).map((value) => ({ ...userFrom('--user', value), status: 'CONFIRMED' as const })),
    ...(values['temporary-user'] ?? []).map((value) => ({
      ...userFrom('--temporary-user', value),
      status: 'FORCE_CHANGE_PASSWORD' as const,
    })),
  ]
  for (const [option, pairs] of [
    ['--group', groups],
    ['--email', emails],
  ] as const) {
    if (pairs.some(([name]) => !users.some(({ username }) => username === name)))
      throw new UsageError(`${option} names a user that no --user describes.`)
  }
  return users.map((user) => ({
    ...user,
    email: new Map(emails).get(user.username) ?? addressIn(user.username),
    groups: groups.filter(([name]) => name === user.username).map(([, group]) => group),
  }))
}

function userFrom(option: string, value: string): { username: string; password: string } {
  const [username, password] = pair(option, value)
  return { username, password }
}

function addressIn(username: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/.test(username) ? username : undefined
}

/** Split at the first colon: a password may have more of them. */
function pair(option: string, value: string): [string, string] {
  const colon = value.indexOf(':')
  // The value is not repeated: it may be a password with a typing error.
  if (colon < 1 || colon === value.length - 1)
    throw new UsageError(`${option} must be two parts with a colon between.`)
  return [value.slice(0, colon), value.slice(colon + 1)]
}

const optionNames: [RegExp, string][] = [
  [/^port$/, '--port'],
  [/^persist$/, '--persist'],
  [/^userPoolId$/, '--user-pool-id'],
  [/\.clientId$/, '--client-id'],
  [/\.clientSecret$/, '--client-secret'],
  [/\.callbackURLs/, '--callback-url'],
  [/\.logoutURLs/, '--logout-url'],
  [/\.groups/, '--group'],
  [/\.email$/, '--email'],
  [/^users/, '--user'],
]

/** The same refusal in the words of the command line; undefined when no argument is to blame. */
export function usageErrorFrom({ option, message }: ConfigurationError): UsageError | undefined {
  const name = optionNames.find(([pattern]) => option !== undefined && pattern.test(option))?.[1]
  if (name === undefined) return undefined
  return new UsageError(`${name} ${message.slice(message.indexOf('must be'))}.`)
}
