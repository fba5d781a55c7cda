import type { UserPool } from '../user-pool/user-pool.ts'
import type { AnswerRequest } from './answer.ts'
import { answerChoice } from './choice-flow.ts'
import {
  answerEmailOtp,
  answerMfaChoice,
  answerSmsMfa,
  answerSmsOtp,
  answerSoftwareToken,
} from './code-answers.ts'
import { answerCustomChallenge } from './custom-flow.ts'
import { answerDevicePassword, answerDeviceSrp } from './device-answers.ts'
import { answerMfaSetup } from './mfa-setup.ts'
import { answerNewPassword } from './new-password.ts'
import { answerPasskey } from './passkey-answer.ts'
import { answerPasswordVerifier } from './srp-flow.ts'

type Answer = (pool: UserPool, request: AnswerRequest) => Promise<object> | object

/** Challenge → what happens with its answer. */
export const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['PASSWORD_VERIFIER', answerPasswordVerifier],
  ['NEW_PASSWORD_REQUIRED', answerNewPassword],
  ['SMS_MFA', answerSmsMfa],
  ['EMAIL_OTP', answerEmailOtp],
  ['SMS_OTP', answerSmsOtp],
  ['SOFTWARE_TOKEN_MFA', answerSoftwareToken],
  ['SELECT_MFA_TYPE', answerMfaChoice],
  ['MFA_SETUP', answerMfaSetup],
  ['DEVICE_SRP_AUTH', answerDeviceSrp],
  ['DEVICE_PASSWORD_VERIFIER', answerDevicePassword],
  ['CUSTOM_CHALLENGE', answerCustomChallenge],
  ['WEB_AUTHN', answerPasskey],
  ['SELECT_CHALLENGE', answerChoice(undefined)],
  ['PASSWORD', answerChoice('PASSWORD')],
  ['PASSWORD_SRP', answerChoice('PASSWORD_SRP')],
])
