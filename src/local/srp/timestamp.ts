const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Milliseconds since the epoch of `EEE MMM d HH:mm:ss 'UTC' yyyy`, English, day without a leading zero; undefined for any other form. */
export function parseTimestamp(text: string): number | undefined {
  const [, day = '', month = '', date, time, year] =
    /^(\w{3}) (\w{3}) ([1-9]\d?) (\d\d:\d\d:\d\d) UTC (\d{4})$/.exec(text) ?? []
  if (date === undefined || !days.includes(day) || !months.includes(month)) return undefined
  const number = String(months.indexOf(month) + 1).padStart(2, '0')
  const ms = Date.parse(`${year}-${number}-${date.padStart(2, '0')}T${time}Z`)
  return Number.isNaN(ms) ? undefined : ms
}
