import { invalidParameter } from '../../sign-in/refusal.ts'

const refresh = 'ALLOW_REFRESH_TOKEN_AUTH'

/** The values of before 2019, which cannot be mixed with the others, as those say it. */
const legacy: Readonly<Record<string, readonly string[]>> = {
  ADMIN_NO_SRP_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
  USER_PASSWORD_AUTH: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH'],
  CUSTOM_AUTH_FLOW_ONLY: ['ALLOW_CUSTOM_AUTH'],
}

/** `ExplicitAuthFlows`, with the default of the API, which has no plain passwords. */
export function authFlowsFrom(
  given: readonly string[] | undefined,
  { rotates }: { rotates: boolean },
): string[] {
  const flows = given === undefined || given.length === 0 ? undefined : [...new Set(given)]
  const always = rotates ? [] : [refresh]
  if (!flows) return ['ALLOW_CUSTOM_AUTH', 'ALLOW_USER_SRP_AUTH', ...always]
  const old = flows.filter((flow) => Object.hasOwn(legacy, flow))
  if (old.length === flows.length)
    return [...new Set([...old.flatMap((flow) => legacy[flow] ?? []), ...always])]
  if (old.length > 0) {
    throw invalidParameter('Values with and without the prefix ALLOW_ cannot be mixed in ExplicitAuthFlows.')
  }
  if (rotates && flows.includes(refresh)) {
    throw invalidParameter('Refresh token rotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH.')
  }
  if (!rotates && !flows.includes(refresh)) {
    throw invalidParameter('REFRESH_TOKEN_AUTH should always be allowed.')
  }
  return flows
}
