import type { LocalTriggers } from '../user-pool/triggers.ts'

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
] as const satisfies (keyof LocalTriggers)[]
