/** What every event of a trigger has in common (developer guide, "Customizing user pool workflows with Lambda triggers"). */
export interface LocalTriggerEvent<Request extends object, Response extends object> {
  version: string
  region: string
  userPoolId: string
  userName: string
  callerContext: { awsSdkVersion: string; clientId: string }
  triggerSource: string
  request: Request & { userAttributes: Record<string, string> }
  response: Response
}

/** Takes the event, fills in `response`, and gives the event back, as a Lambda function does. */
export type LocalTrigger<Event> = (event: Event) => Event | Promise<Event>

interface WithClientMetadata {
  clientMetadata?: Record<string, string>
}

/** One answered custom challenge. `PASSWORD_VERIFIER` and `SRP_A` appear when the flow began with SRP. */
export interface LocalChallengeResult {
  challengeName: string
  challengeResult: boolean
  challengeMetadata?: string
}

export type LocalPreSignUpEvent = LocalTriggerEvent<
  WithClientMetadata & { validationData?: Record<string, string> },
  { autoConfirmUser: boolean; autoVerifyEmail: boolean; autoVerifyPhone: boolean }
>
export type LocalPostConfirmationEvent = LocalTriggerEvent<WithClientMetadata, object>
export type LocalPreAuthenticationEvent = LocalTriggerEvent<
  { validationData?: Record<string, string>; userNotFound?: boolean },
  object
>
export type LocalPostAuthenticationEvent = LocalTriggerEvent<
  WithClientMetadata & { newDeviceUsed: boolean },
  object
>
export type LocalDefineAuthChallengeEvent = LocalTriggerEvent<
  WithClientMetadata & { session: LocalChallengeResult[]; userNotFound?: boolean },
  { challengeName?: string; issueTokens?: boolean; failAuthentication?: boolean }
>
export type LocalCreateAuthChallengeEvent = LocalTriggerEvent<
  WithClientMetadata & { challengeName: string; session: LocalChallengeResult[]; userNotFound?: boolean },
  {
    publicChallengeParameters?: Record<string, string>
    privateChallengeParameters?: Record<string, string>
    challengeMetadata?: string
  }
>
export type LocalVerifyAuthChallengeEvent = LocalTriggerEvent<
  WithClientMetadata & {
    privateChallengeParameters: Record<string, string>
    challengeAnswer: string
    userNotFound?: boolean
  },
  { answerCorrect?: boolean }
>
export type LocalUserMigrationEvent = LocalTriggerEvent<
  WithClientMetadata & { password?: string; validationData?: Record<string, string> },
  {
    userAttributes?: Record<string, string>
    finalUserStatus?: 'CONFIRMED' | 'RESET_REQUIRED'
    messageAction?: 'SUPPRESS'
    forceAliasCreation?: boolean
  }
>

/** The code, and the name where an administrator made the user, are put in place of their parameters. */
export type LocalCustomMessageEvent = LocalTriggerEvent<
  WithClientMetadata & { codeParameter: string; usernameParameter?: string },
  { smsMessage?: string | null; emailMessage?: string | null; emailSubject?: string | null }
>

/** Groups as a pre token generation trigger sees and overrides them. */
export interface LocalGroupOverride {
  groupsToOverride?: string[]
  iamRolesToOverride?: string[]
  preferredRole?: string
}

interface LocalTokenOverride {
  claimsToAddOrOverride?: Record<string, unknown>
  claimsToSuppress?: string[]
}

/** Version 1 answers in `claimsOverrideDetails` (ID token), versions 2 and 3 in `claimsAndScopeOverrideDetails` (both tokens). */
export type LocalPreTokenGenerationEvent = LocalTriggerEvent<
  WithClientMetadata & { groupConfiguration: LocalGroupOverride; scopes?: string[] },
  {
    claimsOverrideDetails?: (LocalTokenOverride & { groupOverrideDetails?: LocalGroupOverride }) | null
    claimsAndScopeOverrideDetails?: {
      idTokenGeneration?: LocalTokenOverride
      accessTokenGeneration?: LocalTokenOverride & { scopesToAdd?: string[]; scopesToSuppress?: string[] }
      groupOverrideDetails?: LocalGroupOverride
    } | null
  }
>

/** The Lambda triggers of the pool, as functions in code. What they throw is shown as `UserLambdaValidationException`. */
export interface LocalTriggers {
  preSignUp?: LocalTrigger<LocalPreSignUpEvent> | undefined
  postConfirmation?: LocalTrigger<LocalPostConfirmationEvent> | undefined
  preAuthentication?: LocalTrigger<LocalPreAuthenticationEvent> | undefined
  postAuthentication?: LocalTrigger<LocalPostAuthenticationEvent> | undefined
  defineAuthChallenge?: LocalTrigger<LocalDefineAuthChallengeEvent> | undefined
  createAuthChallenge?: LocalTrigger<LocalCreateAuthChallengeEvent> | undefined
  verifyAuthChallengeResponse?: LocalTrigger<LocalVerifyAuthChallengeEvent> | undefined
  userMigration?: LocalTrigger<LocalUserMigrationEvent> | undefined
  /** Words the messages that `outbox` shows. */
  customMessage?: LocalTrigger<LocalCustomMessageEvent> | undefined
  preTokenGeneration?: LocalTrigger<LocalPreTokenGenerationEvent> | undefined
  /** Which event `preTokenGeneration` gets. Default `V2_0`; `V3_0` is called for machine-to-machine tokens too. */
  preTokenGenerationVersion?: 'V1_0' | 'V2_0' | 'V3_0' | undefined
}
