import { invalidParameter } from '../../sign-in/refusal.ts'
import { timeUnits, type Client, type TimeUnit } from '../../user-pool/client.ts'
import type { GivenClient } from './client-settings.ts'

type Lifetimes = Pick<
  Client,
  | 'accessTokenValiditySeconds'
  | 'idTokenValiditySeconds'
  | 'refreshTokenValiditySeconds'
  | 'tokenValidityUnits'
>

const hour = timeUnits.hours
const day = timeUnits.days

/** The lifetimes of the three tokens, in the units that are named beside them: hours, hours and days otherwise. */
export function lifetimesFrom(given: GivenClient): Lifetimes {
  const { AccessToken, IdToken, RefreshToken } = given.TokenValidityUnits ?? {}
  const tokenValidityUnits = {
    accessToken: unitFrom(AccessToken, 'hours'),
    idToken: unitFrom(IdToken, 'hours'),
    refreshToken: unitFrom(RefreshToken, 'days'),
  }
  const { accessToken, idToken, refreshToken } = tokenValidityUnits
  return {
    tokenValidityUnits,
    accessTokenValiditySeconds: seconds(given.AccessTokenValidity, accessToken, {
      min: 300,
      max: day,
      otherwise: hour,
    }),
    idTokenValiditySeconds: seconds(given.IdTokenValidity, idToken, { min: 300, max: day, otherwise: hour }),
    refreshTokenValiditySeconds: seconds(given.RefreshTokenValidity, refreshToken, {
      min: hour,
      max: 3650 * day,
      otherwise: 30 * day,
    }),
  }
}

function unitFrom(given: string | undefined, otherwise: TimeUnit): TimeUnit {
  return (['seconds', 'minutes', 'hours', 'days'] as const).find((unit) => unit === given) ?? otherwise
}

/** 0 is the default, as absence is. */
function seconds(
  given: number | undefined,
  unit: TimeUnit,
  { min, max, otherwise }: { min: number; max: number; otherwise: number },
): number {
  const lifetime = given ? given * timeUnits[unit] : otherwise
  if (lifetime >= min && lifetime <= max) return lifetime
  throw invalidParameter('Invalid range for token validity.')
}
