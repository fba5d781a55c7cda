const browsers = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'] as const
const names: Record<(typeof browsers)[number], string> = {
  Edg: 'Edge',
  OPR: 'Opera',
  Firefox: 'Firefox',
  Chrome: 'Chrome',
  Safari: 'Safari',
}
const systems = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac', 'Linux']

/** For example `Firefox on Linux`: enough for people to tell their devices apart. */
export function deviceName(userAgent = ''): string {
  const browser = browsers.find((one) => userAgent.includes(`${one}/`))
  const system = systems.find((one) => userAgent.includes(one))
  return `${browser ? names[browser] : 'A browser'} on ${system ?? 'a computer'}`
}
