import type { UserPool } from '../../user-pool/user-pool.ts'
import type { Input } from '../input.ts'
import { changePassword } from './change-password.ts'
import { confirmSignUp } from './confirm-sign-up.ts'
import { deleteUser } from './delete-user.ts'
import { confirmForgotPassword, forgotPassword } from './forgot-password.ts'
import { resendConfirmationCode } from './resend-confirmation-code.ts'
import { signUp } from './sign-up.ts'
import * as attributes from './user-attributes.ts'

/** What people do with their own account. */
export const accountOperations: Record<string, (pool: UserPool, input: Input) => Promise<object> | object> = {
  SignUp: signUp,
  ConfirmSignUp: confirmSignUp,
  ResendConfirmationCode: resendConfirmationCode,
  ForgotPassword: forgotPassword,
  ConfirmForgotPassword: confirmForgotPassword,
  ChangePassword: changePassword,
  UpdateUserAttributes: attributes.updateUserAttributes,
  DeleteUserAttributes: attributes.deleteUserAttributes,
  GetUserAttributeVerificationCode: attributes.getUserAttributeVerificationCode,
  VerifyUserAttribute: attributes.verifyUserAttribute,
  DeleteUser: deleteUser,
}
