import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const api: Record<string, { values: string[]; types: string[] }> = {
  'passport-cognito-identity': {
    values: [
      'CallbackError',
      'CognitoError',
      'CognitoStrategy',
      'ConfigurationError',
      'CredentialsError',
      'ForbiddenError',
      'IdentityPool',
      'InvalidRequestError',
      'InvalidTokenError',
      'SessionEndedError',
      'SignInError',
      'UnauthenticatedError',
      'UnavailableError',
      'UserPool',
      'authenticateUpgrade',
      'awsClient',
      'bearer',
      'getAuth',
      'loginProviders',
      'logout',
      'memoryStore',
      'onEvent',
      'ownerOf',
      'requireAuth',
      'requireGroups',
      'requireScopes',
      'session',
    ],
    types: [
      'AccessTokenClaims',
      'Account',
      'AuthorizationRequest',
      'AwsClientClass',
      'BearerOptions',
      'CallbackErrorReason',
      'Challenge',
      'ChallengeAnswer',
      'ChallengeAnswers',
      'ChallengeName',
      'Claims',
      'ClassicCredentialsOptions',
      'CodeDelivery',
      'CodeExchange',
      'CognitoAuth',
      'CognitoAuthenticateOptions',
      'CognitoErrorCode',
      'CognitoEvents',
      'CognitoIdentityCredentials',
      'CognitoStrategyOptions',
      'CognitoUser',
      'ConfirmDeviceOptions',
      'CredentialsErrorReason',
      'CredentialsEvent',
      'CredentialsOptions',
      'CredentialsOwner',
      'CredentialsProvider',
      'DeniedEvent',
      'DeveloperIdentities',
      'DeveloperIdentity',
      'DeveloperIdentityOptions',
      'DeveloperIdentityRecord',
      'DeveloperLogin',
      'Device',
      'DeviceDescription',
      'Devices',
      'GroupConditions',
      'Handler',
      'IdTokenClaims',
      'IdentityPoolOptions',
      'IdentityToken',
      'InvalidTokenReason',
      'KnownChallenge',
      'Login',
      'Logins',
      'LogoutEvent',
      'LogoutOptions',
      'NewDevice',
      'Passkey',
      'Profile',
      'RefreshEvent',
      'RequireAuthOptions',
      'RespondOptions',
      'ServerCredentials',
      'SessionOptions',
      'SetOptions',
      'SharedStore',
      'SignInErrorReason',
      'SignInEvent',
      'SignInFlow',
      'SignInHandle',
      'SignInOptions',
      'SignInStep',
      'SignUpOptions',
      'SignUpResult',
      'StaleBefore',
      'StoreEvent',
      'TokenRequirements',
      'TokenUse',
      'Tokens',
      'UnknownChallenge',
      'UpgradeMiddleware',
      'UpgradeOptions',
      'UserPoolOptions',
      'UserPools',
      'UserSession',
      'VerifyCallback',
      'VerifyDone',
    ],
  },
  'passport-cognito-identity/redis': {
    values: ['redisStore'],
    types: [
      'IoRedisClient',
      'NodeRedisClient',
      'RedisClient',
      'RedisStoreOptions',
      'SetOptions',
      'SharedStore',
    ],
  },
  'passport-cognito-identity/shared-store-contract': {
    values: ['sharedStoreContract'],
    types: ['SetOptions', 'SharedStore', 'SharedStorePromise'],
  },
  'passport-cognito-identity/local': {
    values: ['signedInAgent', 'startLocalCognito'],
    types: [
      'Clock',
      'LocalAttribute',
      'LocalChallengeResult',
      'LocalClient',
      'LocalCognito',
      'LocalCognitoOptions',
      'LocalCreateAuthChallengeEvent',
      'LocalCustomMessageEvent',
      'LocalDefineAuthChallengeEvent',
      'LocalFault',
      'LocalGroup',
      'LocalGroupOverride',
      'LocalIdentityPoolOptions',
      'LocalIdentityProvider',
      'LocalMessage',
      'LocalOutbox',
      'LocalPasswordPolicy',
      'LocalPasswordlessUser',
      'LocalPool',
      'LocalPoolHandle',
      'LocalPostAuthenticationEvent',
      'LocalPostConfirmationEvent',
      'LocalPreAuthenticationEvent',
      'LocalPreSignUpEvent',
      'LocalPreTokenGenerationEvent',
      'LocalResourceServer',
      'LocalRole',
      'LocalRoleMapping',
      'LocalTrigger',
      'LocalTriggerEvent',
      'LocalTriggers',
      'LocalUser',
      'LocalUserMfa',
      'LocalUserMigrationEvent',
      'LocalUserPool',
      'LocalUserPoolOptions',
      'LocalVerifyAuthChallengeEvent',
      'LocalWebAuthnConfiguration',
      'LoggedRequest',
      'ProviderTokenOrder',
      'RequestCounts',
      'SignedInUser',
      'TestAgent',
      'TokenOrder',
    ],
  },
}

/** The names that a TypeScript user sees in an entry of the built package. */
function exportedNames(specifier: string): string[] {
  const entry = fileURLToPath(import.meta.resolve(specifier)).replace(/\.js$/, '.d.ts')
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    skipLibCheck: true,
    types: [],
    noEmit: true,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(entry)
  const symbol = source && checker.getSymbolAtLocation(source)
  assert.ok(symbol, `${entry} is not a module`)
  return checker
    .getExportsOfModule(symbol)
    .map(({ name }) => name)
    .sort()
}

for (const [specifier, names] of Object.entries(api)) {
  test(`${specifier} exports exactly the names listed here`, async () => {
    const module = (await import(specifier)) as object
    assert.deepEqual(Object.keys(module).sort(), names.values)
  })

  test(`${specifier} exports exactly the types listed here`, () => {
    // What is there when the program runs is listed above.
    const types = exportedNames(specifier).filter((name) => !names.values.includes(name))
    assert.deepEqual(types, names.types)
  })
}
