import type { LocalTriggers } from './triggers.ts'

/** The triggers that are functions. */
export const triggerNames = [
  'preSignUp',
  'postConfirmation',
  'preAuthentication',
  'postAuthentication',
  'defineAuthChallenge',
  'createAuthChallenge',
  'verifyAuthChallengeResponse',
  'userMigration',
  'preTokenGeneration',
  'customMessage',
] as const satisfies (keyof LocalTriggers)[]
