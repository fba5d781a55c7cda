import { randomBytes } from 'node:crypto'
import { type LocalOutbox, type LocalUser, startLocalCognito } from 'passport-cognito-identity/local'
import type { Config, Surroundings } from './config.ts'
import { publicFiles } from './local-files.ts'
import { groups, iamRoles, identityPool, principalTags } from './local-roles.ts'
import { type Environment, portFrom } from './variables.ts'

/** Printed at start; the local Cognito forgets them when it stops. */
export const users: LocalUser[] = [
  {
    username: 'ana',
    password: 'Ana-Passw0rd',
    email: 'ana@example.com',
    attributes: { name: 'Ana Lima', 'custom:department': 'sales' },
    groups: ['admin', 'auditors'],
  },
  {
    username: 'ben',
    password: 'Ben-Passw0rd',
    email: 'ben@example.com',
    attributes: { name: 'Ben Okafor', 'custom:department': 'finance' },
  },
  {
    username: 'carla',
    password: 'Carla-Temp0rary',
    email: 'carla@example.com',
    attributes: { name: 'Carla Neri' },
    status: 'FORCE_CHANGE_PASSWORD',
  },
  {
    username: 'dana',
    password: 'Dana-Passw0rd',
    email: 'dana@example.com',
    attributes: { name: 'Dana Weiss' },
    mfa: { softwareToken: { secretCode: 'DANAS4APP4KEY4FOR4TESTS4', friendlyDeviceName: 'Dana’s phone' } },
  },
  {
    username: 'erik',
    password: 'Erik-Passw0rd',
    email: 'erik@example.com',
    phoneNumber: '+46700000000',
    attributes: { name: 'Erik Sund' },
    mfa: { sms: true, email: true },
  },
]

/** A Cognito and an S3 beside the app, for whoever has none. */
export async function localSurroundings(env: Environment, port: number): Promise<Surroundings> {
  const origin = `http://localhost:${port}`
  const { local, moved } = await startBeside(env, origin)
  const { bucket, ...s3 } = local.s3
  await publicFiles(local)
  const config: Config = {
    origin,
    // The same for every process that is started with this configuration.
    userPool: { ...local.userPool, totpIssuer: 'Harbour', sealingKey: randomBytes(32).toString('hex') },
    identityPool: local.identityPool,
    s3,
    sts: local.sts,
    bucket,
    principalTags,
    sessionSecret: randomBytes(32).toString('hex'),
    signInFlow: 'USER_SRP_AUTH',
    otherWays: true,
    mailbox: mailboxOf(local.outbox),
    signInHint: 'Names and passwords stand in the terminal where this app was started.',
  }
  const { outbox } = local
  return { config, notes: notesAbout(local.url, moved), outbox, close: () => local.close() }
}

async function startBeside(env: Environment, origin: string) {
  const options = {
    users,
    groups,
    iamRoles,
    identityPool,
    clients: [
      {
        clientSecret: randomBytes(24).toString('hex'),
        callbackURLs: [`${origin}/callback`],
        logoutURLs: [`${origin}/`],
        explicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      },
    ],
    userPool: {
      mfaConfiguration: 'OPTIONAL',
      enabledMfas: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA', 'EMAIL_OTP'],
      deviceConfiguration: { challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true },
      policies: { signInPolicy: { allowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] } },
    },
  } satisfies Parameters<typeof startLocalCognito>[0]
  const wanted = portFrom(env, 'COGNITO_LOCAL_PORT')
  try {
    return { local: await startLocalCognito({ ...options, port: wanted ?? 9229 }), moved: false }
  } catch (error) {
    if (wanted !== undefined || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return { local: await startLocalCognito(options), moved: true }
  }
}

/** People sign in with their name or, where that is set up, their address. */
function mailboxOf(outbox: LocalOutbox): NonNullable<Config['mailbox']> {
  return (username) =>
    outbox
      .messages()
      .filter((message) => message.username === username || message.to === username)
      .slice(-3)
      .reverse()
}

function notesAbout(url: string, moved: boolean): string[] {
  const remarks = ({ groups = [], status, mfa }: LocalUser) => [
    ...groups.map((group) => `group ${group}`),
    ...(status === 'FORCE_CHANGE_PASSWORD' ? ['must choose a new password at the first sign-in'] : []),
    ...(mfa?.softwareToken ? [`authenticator app with the key ${mfa.softwareToken.secretCode}`] : []),
    ...(mfa?.sms && mfa.email ? ['codes by text message or e-mail'] : []),
  ]
  return [
    'Sign in as',
    ...users.map((user) =>
      `  ${user.username.padEnd(7)} ${user.password.padEnd(17)} ${remarks(user).join(', ')}`.trimEnd(),
    ),
    '',
    `Local Cognito and S3: ${url}${moved ? ' (port 9229 is taken)' : ''}`,
    'They are for development only, and forget everything when you stop the app.',
    'Nothing is sent by them: codes by e-mail and text message are printed here.',
  ]
}
