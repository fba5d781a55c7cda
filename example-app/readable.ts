const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** For example `20 Nov 2026, 21:42 UTC`. */
export function dateTime(date: Date): string {
  return `${format.format(date)} UTC`
}

/** For example `in 59 minutes`. */
export function fromNow(date: Date): string {
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000)
  return Math.abs(minutes) < 120
    ? relative.format(minutes, 'minute')
    : relative.format(Math.round(minutes / 60), 'hour')
}

/** For example `1.4 kB`. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const unit = bytes === 1 ? 'byte' : units[power]
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1).replace('.0', '')} ${unit}`
}

/** For example `1 object`. */
export function objects(count: number): string {
  return `${count} ${count === 1 ? 'object' : 'objects'}`
}

/** Text from outside on one line, without characters that turn a terminal or a log into something else. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
