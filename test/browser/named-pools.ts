import type { startNamedCognito } from './named-cognito.ts'

type Options = NonNullable<Parameters<typeof startNamedCognito>[1]>

/** A user pool that lets nobody in with a password alone. */
export const demandsSecondFactor: Options = {
  userPool: { mfaConfiguration: 'ON', enabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] },
}

/** A user pool whose triggers ask a question of their own after the password. */
export const asksQuestions: Options = {
  client: { explicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  userPool: {
    triggers: {
      defineAuthChallenge: (event) => {
        const { session } = event.request
        const last = session.at(-1)
        if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) {
          event.response.issueTokens = true
        } else if (last?.challengeName === 'SRP_A') {
          event.response.challengeName = 'PASSWORD_VERIFIER'
        } else event.response.challengeName = 'CUSTOM_CHALLENGE'
        return event
      },
      createAuthChallenge: (event) => {
        event.response.publicChallengeParameters = { question: 'Which colour has the <sea>?' }
        event.response.privateChallengeParameters = { answer: 'blue' }
        return event
      },
      verifyAuthChallengeResponse: (event) => {
        const { challengeAnswer, privateChallengeParameters } = event.request
        event.response.answerCorrect = challengeAnswer === privateChallengeParameters['answer']
        return event
      },
    },
  },
}
