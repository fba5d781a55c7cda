import type { S3ClientConfig } from '@aws-sdk/client-s3'
import type { STSClientConfig } from '@aws-sdk/client-sts'
import type { Store } from 'express-session'
import type { IdentityPoolOptions, SignInFlow, UserPoolOptions } from 'passport-cognito-identity'
import type { LocalMessage, LocalOutbox } from 'passport-cognito-identity/local'
import { localSurroundings } from './local-surroundings.ts'
import {
  type Environment,
  originFrom,
  sealingKeyFrom,
  sessionSecretFrom,
  signInFlowsFrom,
} from './variables.ts'

/** Everything that differs between a laptop and production. Whoever reads it cannot tell which one it is. */
export interface Config {
  /** The app's address as browsers see it. */
  origin: string
  userPool: UserPoolOptions
  identityPool: IdentityPoolOptions
  s3: S3ClientConfig
  /** Which role somebody has is asked of STS. */
  sts: STSClientConfig
  bucket: string
  /** The session tags that the identity pool is set up to make, and the claims that it makes them of, where that is known. */
  principalTags?: Readonly<Record<string, string>>
  sessionSecret: string
  /** Where sessions are kept. Default: in the memory of this process. */
  store?: Store
  /** How the app's own form begins a sign-in with a name and a password. */
  signInFlow: SignInFlow
  /** Whether people may prove themselves otherwise than with a password (`USER_AUTH`). */
  otherWays: boolean
  /** What Cognito "sent" to a user, the latest first, where nothing is really sent. */
  mailbox?: (username: string) => LocalMessage[]
  /** Shown to visitors who are not signed in. */
  signInHint: string
}

/** What runs beside the app and must be stopped with it. */
export interface Surroundings {
  config: Config
  /** What to tell the person at the terminal. */
  notes: string[]
  /** What would be sent to people, where nothing is really sent. */
  outbox?: LocalOutbox
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
  const [signInFlow, ...others] = signInFlowsFrom(env)
  const identityPoolId = required('COGNITO_IDENTITY_POOL_ID')
  const region = identityPoolId.slice(0, identityPoolId.indexOf(':'))
  return {
    origin: originFrom(env, port),
    userPool: {
      userPoolId: required('COGNITO_USER_POOL_ID'),
      clientId: required('COGNITO_CLIENT_ID'),
      clientSecret: value('COGNITO_CLIENT_SECRET'),
      domain: required('COGNITO_DOMAIN'),
      issuer: value('COGNITO_ISSUER'),
      endpoint: value('COGNITO_ENDPOINT'),
      sealingKey: sealingKeyFrom(env),
      totpIssuer: 'Harbour',
    },
    identityPool: { identityPoolId, endpoint: value('COGNITO_IDENTITY_ENDPOINT') },
    s3: {
      region: value('S3_REGION') ?? region,
      // A stand-in has one host name, and no further one for each bucket.
      ...(value('S3_ENDPOINT') && { endpoint: required('S3_ENDPOINT'), forcePathStyle: true }),
    },
    sts: { region, ...(value('STS_ENDPOINT') && { endpoint: required('STS_ENDPOINT') }) },
    bucket: required('S3_BUCKET'),
    sessionSecret: sessionSecretFrom(env),
    signInFlow,
    otherWays: others.includes('USER_AUTH'),
    signInHint: 'Sign in with your account of this user pool.',
  }
}
