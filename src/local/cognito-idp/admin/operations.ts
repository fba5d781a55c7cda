import type { UserPool } from '../../user-pool/user-pool.ts'
import type { Input } from '../input.ts'
import * as attributes from './admin-attributes.ts'
import { adminCreateUser } from './admin-create-user.ts'
import { adminGetUser } from './admin-get-user.ts'
import * as passwords from './admin-passwords.ts'
import * as state from './admin-state.ts'
import * as members from './group-members.ts'
import * as groups from './groups.ts'
import { listUsers } from './list-users.ts'

/** What administrators do with users and groups. */
export const administration: Record<string, (pool: UserPool, input: Input) => Promise<object> | object> = {
  AdminCreateUser: adminCreateUser,
  AdminGetUser: adminGetUser,
  AdminDeleteUser: state.adminDeleteUser,
  AdminDisableUser: state.adminDisableUser,
  AdminEnableUser: state.adminEnableUser,
  AdminConfirmSignUp: state.adminConfirmSignUp,
  AdminSetUserPassword: passwords.adminSetUserPassword,
  AdminResetUserPassword: passwords.adminResetUserPassword,
  AdminUpdateUserAttributes: attributes.adminUpdateUserAttributes,
  AdminDeleteUserAttributes: attributes.adminDeleteUserAttributes,
  ListUsers: listUsers,
  CreateGroup: groups.createGroup,
  UpdateGroup: groups.updateGroup,
  GetGroup: groups.getGroup,
  DeleteGroup: groups.deleteGroup,
  ListGroups: groups.listGroups,
  AdminAddUserToGroup: members.adminAddUserToGroup,
  AdminRemoveUserFromGroup: members.adminRemoveUserFromGroup,
  AdminListGroupsForUser: members.adminListGroupsForUser,
  ListUsersInGroup: members.listUsersInGroup,
}
