/**
 * Values for `returnTo` that lead, or look as if they led, off the app: every way we know to write another host so that
 * a careless check takes it for a path, each raw and percent-encoded once and twice.
 */
export function redirectCorpus(origin: string): string[] {
  const { host } = new URL(origin)
  const raw = [...absolute(host), ...paths(), ...schemes(), ...malformed()]
  const encoded = raw.flatMap((text) => [
    text,
    encodeURIComponent(text),
    encodeURIComponent(encodeURIComponent(text)),
  ])
  return [...new Set(encoded)]
}

const evil = 'evil.example'

function absolute(host: string): string[] {
  const authorities = [
    evil,
    `${host}@${evil}`,
    `${host}:x@${evil}`,
    `user@${host}`,
    `:@${host}`,
    `${host}.${evil}`,
    `${evil}#@${host}`,
    `${evil}?@${host}`,
    `${evil}\\@${host}`,
    `${evil}%23@${host}`,
    `${evil}%2f@${host}`,
    `${evil}%5c@${host}`,
    `${evil}:80`,
    `${evil}.`,
    'ⅇvil.example',
    'evil。example',
    'evil%E3%80%82example',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '127.0.0.1:1',
    'localhost',
  ]
  const before = [
    'http://',
    'https://',
    'HTTPS://',
    'http:',
    'http:/',
    'http:///',
    'https:\\\\',
    '//',
    '///',
    '////',
  ]
  return before.flatMap((start) => authorities.map((authority) => `${start}${authority}/`))
}

function paths(): string[] {
  const gaps = [
    '',
    '\\',
    '\t',
    '\n',
    '\r',
    '\0',
    '\x0b',
    '\x7f',
    ' ',
    '\u00a0',
    '\u2028',
    '\u3000',
    '\ufeff',
    '%09',
    '%0d%0a',
    '%5c',
  ]
  const dots = ['.', '..', './.', '../..', '%2e', '%2e%2e', '.%2e', 'a/..', 'a/../..', '.;', '..;']
  return [
    ...gaps.flatMap((gap) => [
      `/${gap}/${evil}`,
      `${gap}//${evil}`,
      `/${gap}\\${evil}`,
      `/a${gap}//${evil}`,
      `${gap}/a`,
    ]),
    ...dots.flatMap((dot) => [
      `/${dot}//${evil}`,
      `/${dot}/\\${evil}`,
      `/${dot}/%2f${evil}`,
      `${dot}//${evil}`,
    ]),
    `/\\/${evil}`,
    `/\\\\${evil}`,
    `\\/\\/${evil}`,
    `\\\\${evil}`,
    `/%2f${evil}`,
    `/%2f%2f${evil}`,
    `/%5c${evil}`,
    `/%09/${evil}`,
    `/;@${evil}`,
    `/@${evil}`,
    `/:@${evil}`,
    `.${evil}`,
    `@${evil}`,
    `:${evil}`,
    `?//${evil}`,
    `#//${evil}`,
    evil,
    'files',
    './files',
    '../files',
  ]
}

function schemes(): string[] {
  const names = [
    'javascript',
    'JaVaScRiPt',
    'data',
    'vbscript',
    'file',
    'ftp',
    'ws',
    'wss',
    'blob',
    'mailto',
    'view-source',
  ]
  return [
    ...names.flatMap((name) => [
      `${name}:alert(1)`,
      `${name}://${evil}/`,
      `/${name}:alert(1)`,
      ` ${name}:alert(1)`,
      `${name}\t:alert(1)`,
    ]),
    'java\nscript:alert(1)',
    'javascript://%0aalert(1)',
    'data:text/html;base64,PHNjcmlwdD4=',
  ]
}

function malformed(): string[] {
  return ['', ' ', '/', '//', '///', '/\\', '\\', '%', '/%', '/%2', '/%zz', '/%E0%A4%A', '/%ff', 'http://', 'http://[', 'http://[::', '//[', 'http://%', 'https://:80', '/\u202e/elpmaxe', 'null', 'undefined', '[object Object]'] // prettier-ignore
}
