import { randomBytes } from 'node:crypto'
import type { S3ClientConfig } from '@aws-sdk/client-s3'
import type { IdentityPoolOptions, UserPoolOptions } from 'passport-cognito-identity'
import { type LocalUser, startLocalCognito } from 'passport-cognito-identity/local'
import { type Environment, originFrom, portFrom, sessionSecretFrom } from './variables.ts'

/** Everything that differs between a laptop and production. Whoever reads it cannot tell which one it is. */
export interface Config {
  /** The app's address as browsers see it. */
  origin: string
  userPool: UserPoolOptions
  identityPool: IdentityPoolOptions
  s3: S3ClientConfig
  bucket: string
  sessionSecret: string
  /** Shown to visitors who are not signed in. */
  signInHint: string
}

/** What runs beside the app and must be stopped with it. */
export interface Surroundings {
  config: Config
  /** What to tell the person at the terminal. */
  notes: string[]
  close: () => Promise<void>
}

/** The one place that decides: with any COGNITO_* variable the app runs on that Cognito, without one it brings its own. */
export async function configure(env: Environment, port: number): Promise<Surroundings> {
  const named = Object.keys(env).some((name) => name.startsWith('COGNITO_') && name !== 'COGNITO_LOCAL_PORT')
  if (!named) return localSurroundings(env, port)
  return { config: configFromEnvironment(env, port), notes: [], close: () => Promise.resolve() }
}

function configFromEnvironment(env: Environment, port: number): Config {
  const needed = ['COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID', 'COGNITO_DOMAIN', 'COGNITO_IDENTITY_POOL_ID']
  const missing = [...needed, 'S3_BUCKET', 'SESSION_SECRET'].filter((name) => !env[name])
  if (missing.length > 0) throw new Error(`Please set ${missing.join(', ')}; see example-app/README.md.`)
  const value = (name: string) => env[name] || undefined
  const required = (name: string) => env[name] ?? ''
  const identityPoolId = required('COGNITO_IDENTITY_POOL_ID')
  return {
    origin: originFrom(env, port),
    userPool: {
      userPoolId: required('COGNITO_USER_POOL_ID'),
      clientId: required('COGNITO_CLIENT_ID'),
      clientSecret: value('COGNITO_CLIENT_SECRET'),
      domain: required('COGNITO_DOMAIN'),
      issuer: value('COGNITO_ISSUER'),
      endpoint: value('COGNITO_ENDPOINT'),
    },
    identityPool: { identityPoolId, endpoint: value('COGNITO_IDENTITY_ENDPOINT') },
    s3: {
      region: value('S3_REGION') ?? identityPoolId.slice(0, identityPoolId.indexOf(':')),
      // A stand-in has one host name, and no further one for each bucket.
      ...(value('S3_ENDPOINT') && { endpoint: required('S3_ENDPOINT'), forcePathStyle: true }),
    },
    bucket: required('S3_BUCKET'),
    sessionSecret: sessionSecretFrom(env),
    signInHint: 'Sign in with your account of this user pool.',
  }
}

/** Printed at start; the local Cognito forgets them when it stops. */
export const users: LocalUser[] = [
  {
    username: 'ana',
    password: 'Ana-Passw0rd',
    email: 'ana@example.com',
    attributes: { name: 'Ana Lima' },
    groups: ['admin'],
  },
  { username: 'ben', password: 'Ben-Passw0rd', email: 'ben@example.com', attributes: { name: 'Ben Okafor' } },
  {
    username: 'carla',
    password: 'Carla-Temp0rary',
    email: 'carla@example.com',
    attributes: { name: 'Carla Neri' },
    status: 'FORCE_CHANGE_PASSWORD',
  },
]

async function localSurroundings(env: Environment, port: number): Promise<Surroundings> {
  const origin = `http://localhost:${port}`
  const client = {
    clientSecret: randomBytes(24).toString('hex'),
    callbackURLs: [`${origin}/callback`],
    logoutURLs: [`${origin}/`],
  }
  const start = (cognitoPort: number) =>
    startLocalCognito({ port: cognitoPort, users, clients: [client] }).then((local) => ({
      local,
      moved: false,
    }))
  const wanted = portFrom(env, 'COGNITO_LOCAL_PORT')
  const { local, moved } = await start(wanted ?? 9229).catch(async (error: unknown) => {
    if (wanted !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return { ...(await start(0)), moved: true }
  })
  const { bucket, ...s3 } = local.s3
  const config: Config = {
    origin,
    userPool: local.userPool,
    identityPool: local.identityPool,
    s3,
    bucket,
    sessionSecret: randomBytes(32).toString('hex'),
    signInHint: 'Names and passwords stand in the terminal where this app was started.',
  }
  return { config, notes: localNotes(local.url, moved), close: () => local.close() }
}

function localNotes(url: string, moved: boolean): string[] {
  const remarks = ({ groups = [], status }: LocalUser) => [
    ...groups.map((group) => `group ${group}`),
    ...(status === 'FORCE_CHANGE_PASSWORD' ? ['must choose a new password at the first sign-in'] : []),
  ]
  return [
    'Sign in as',
    ...users.map((user) =>
      `  ${user.username.padEnd(7)} ${user.password.padEnd(17)} ${remarks(user).join(', ')}`.trimEnd(),
    ),
    '',
    `Local Cognito and S3: ${url}${moved ? ' (port 9229 is taken)' : ''}`,
    'They are for development only, and forget everything when you stop the app.',
  ]
}
