import { parseArgs } from 'node:util'
import type { LocalCognitoOptions } from './options.ts'
import type { LocalUser } from './user-options.ts'

/** The arguments make no sense; the message says which. */
export class UsageError extends Error {}

export const usage = `Usage: passport-cognito-identity local [options]

Starts a Cognito on 127.0.0.1 for development: user pool, managed login, identity pool, STS and S3.

  --user name:password       a user; may be repeated
  --temporary-user name:password
                             a user who must choose a new password at the first sign-in; may be repeated
  --group name:group         puts a user into a group; may be repeated
  --port number              default 9229; 0 takes any free port
  --client-id id             default: generated at each start
  --client-secret secret     default: none (a public client)
  --callback-url url         may be repeated; default http://localhost:3000/callback and the same on 127.0.0.1
  --logout-url url           may be repeated; default http://localhost:3000/ and the same on 127.0.0.1
  --user-pool-id id          default us-east-1_Local0001
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
  if (!/^\d{1,5}$/.test(values.port)) throw new UsageError('--port must be a number.')
  return {
    port: Number(values.port),
    userPoolId: values['user-pool-id'],
    users: usersFrom(values),
    clients: [
      {
        clientId: values['client-id'],
        clientSecret: values['client-secret'],
        callbackURLs: values['callback-url'],
        logoutURLs: values['logout-url'],
      },
    ],
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        port: { type: 'string', default: '9229' },
        user: several,
        'temporary-user': several,
        group: several,
        'client-id': one,
        'client-secret': one,
        'callback-url': several,
        'logout-url': several,
        'user-pool-id': one,
      },
    })
  } catch {
    // Node's own message quotes the argument, which may be a password.
    throw new UsageError('An option is unknown or has no value.')
  }
}

function usersFrom(values: ReturnType<typeof parse>['values']): LocalUser[] {
  const groups = (values.group ?? []).map((value) => pair('--group', value))
  const users = [
    ...(values.user ?? []).map((value) => ({ ...userFrom('--user', value), status: 'CONFIRMED' as const })),
    ...(values['temporary-user'] ?? []).map((value) => ({
      ...userFrom('--temporary-user', value),
      status: 'FORCE_CHANGE_PASSWORD' as const,
    })),
  ]
  if (groups.some(([name]) => !users.some(({ username }) => username === name))) {
    throw new UsageError('--group names a user that no --user describes.')
  }
  return users.map((user) => ({
    ...user,
    groups: groups.filter(([name]) => name === user.username).map(([, group]) => group),
  }))
}

function userFrom(option: string, value: string): { username: string; password: string } {
  const [username, password] = pair(option, value)
  return { username, password }
}

/** Split at the first colon: a password may have more of them. */
function pair(option: string, value: string): [string, string] {
  const colon = value.indexOf(':')
  // The value is not repeated: it may be a password with a typing error.
  if (colon < 1 || colon === value.length - 1)
    throw new UsageError(`${option} must be two parts with a colon between.`)
  return [value.slice(0, colon), value.slice(colon + 1)]
}
