import type { UserPool } from '../user-pool/user-pool.ts'
import type { UserPools } from '../user-pool/user-pools.ts'
import { poolOf } from '../user-pool/which-pool.ts'
import { accountOperations } from './account/operations.ts'
import { administration } from './admin/operations.ts'
import { associateSoftwareToken } from './associate-software-token.ts'
import { confirmDevice } from './confirm-device.ts'
import * as devices from './devices.ts'
import { getClientToken } from './get-client-token.ts'
import { getTokensFromRefreshToken } from './get-tokens-from-refresh-token.ts'
import { getUser } from './get-user.ts'
import { getUserAuthFactors } from './get-user-auth-factors.ts'
import { adminUserGlobalSignOut, globalSignOut } from './global-sign-out.ts'
import { adminInitiateAuth, initiateAuth } from './initiate-auth.ts'
import type { Input } from './input.ts'
import * as passkeys from './passkeys.ts'
import { accountAdministration, poolAdministration } from './pool/operations.ts'
import { userPoolArn } from './pool/arn.ts'
import { deleteUserPool } from './pool/user-pools.ts'
import { adminRespondToAuthChallenge, respondToAuthChallenge } from './respond-to-auth-challenge.ts'
import { revokeToken } from './revoke-token.ts'
import { adminSetUserMfaPreference, setUserMfaPreference } from './set-user-mfa-preference.ts'
import { signed, type Authenticate, type Operation } from './signed.ts'
import * as sessions from './user-sessions.ts'
import { verifySoftwareToken } from './verify-software-token.ts'

export type { Authenticate, Operation } from './signed.ts'

type Run = (pool: UserPool, input: Input) => Promise<object> | object

/** Whoever calls these proves itself with a token, a password or a code. */
const unsigned: Record<string, Run> = {
  ...accountOperations,
  InitiateAuth: initiateAuth,
  RespondToAuthChallenge: respondToAuthChallenge,
  GetTokensFromRefreshToken: getTokensFromRefreshToken,
  RevokeToken: revokeToken,
  GetClientToken: getClientToken,
  GlobalSignOut: globalSignOut,
  GetUser: getUser,
  GetUserAuthFactors: getUserAuthFactors,
  AssociateSoftwareToken: associateSoftwareToken,
  VerifySoftwareToken: verifySoftwareToken,
  SetUserMFAPreference: setUserMfaPreference,
  StartWebAuthnRegistration: passkeys.startWebAuthnRegistration,
  CompleteWebAuthnRegistration: passkeys.completeWebAuthnRegistration,
  ListWebAuthnCredentials: passkeys.listWebAuthnCredentials,
  DeleteWebAuthnCredential: passkeys.deleteWebAuthnCredential,
  ConfirmDevice: confirmDevice,
  GetDevice: devices.getDevice,
  ListDevices: devices.listDevices,
  UpdateDeviceStatus: devices.updateDeviceStatus,
  ForgetDevice: devices.forgetDevice,
  ListUserSessions: sessions.listUserSessions,
  RevokeUserSession: sessions.revokeUserSession,
}

/** Whoever calls these signs with AWS credentials. */
const administrators: Record<string, Run> = {
  ...administration,
  ...poolAdministration,
  AdminInitiateAuth: adminInitiateAuth,
  AdminRespondToAuthChallenge: adminRespondToAuthChallenge,
  AdminUserGlobalSignOut: adminUserGlobalSignOut,
  AdminSetUserMFAPreference: adminSetUserMfaPreference,
  AdminGetDevice: devices.adminGetDevice,
  AdminListDevices: devices.adminListDevices,
  AdminUpdateDeviceStatus: devices.adminUpdateDeviceStatus,
  AdminForgetDevice: devices.adminForgetDevice,
  AdminListUserSessions: sessions.adminListUserSessions,
  AdminRevokeUserSession: sessions.adminRevokeUserSession,
}

/** The operations of `cognito-idp` that this server has. */
export function userPoolOperations(pools: UserPools, authenticate: Authenticate): Record<string, Operation> {
  const about = (input: Input) => poolOf(pools, input)
  return Object.fromEntries([
    ...Object.entries(unsigned).map(
      ([name, run]) => [name, (input: Input) => run(about(input), input)] as const,
    ),
    ...Object.entries(administrators).map(
      ([name, run]) => [name, signed(authenticate, name, { about, resource: userPoolArn, run })] as const,
    ),
    ...Object.entries(accountAdministration).map(
      ([name, run]) =>
        [name, signed(authenticate, name, { about: () => pools, resource: () => '*', run })] as const,
    ),
    [
      'DeleteUserPool',
      signed(authenticate, 'DeleteUserPool', {
        about,
        resource: userPoolArn,
        run: (pool, input) => deleteUserPool(pools, pool, input),
      }),
    ],
  ])
}
