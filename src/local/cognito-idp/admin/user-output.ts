import type { User } from '../../user-pool/user.ts'

/** A user as lists and AdminCreateUser show it: `Attributes`, where AdminGetUser and GetUser say `UserAttributes`. */
export function userOutput(user: User, attributesToGet?: readonly string[]): object {
  const shown = attributesOutput(user).filter(({ Name }) => attributesToGet?.includes(Name) ?? true)
  return { Username: user.username, Attributes: shown, ...stateOutput(user) }
}

export function attributesOutput({ attributes }: User): { Name: string; Value: string }[] {
  return [...attributes].map(([Name, Value]) => ({ Name, Value }))
}

export function stateOutput(user: User): object {
  return {
    UserCreateDate: user.createdAt,
    UserLastModifiedDate: user.modifiedAt,
    Enabled: user.enabled,
    UserStatus: user.status,
  }
}
