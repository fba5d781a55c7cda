import fc from 'fast-check'

/** Of the app that is to be left. */
export const origin = 'https://app.example.com'
/** C0 and DEL. */
export const controls = Array.from({ length: 33 }, (_, code) =>
  String.fromCharCode(code === 32 ? 0x7f : code),
)

/** Hosts that are not the app's, or not obviously. */
export const hosts = [
  ...[
    'evil.example',
    'app.example.com',
    'APP.EXAMPLE.COM',
    'app.example.com.evil.example',
    'evil.example/app.example.com',
  ],
  ...[
    'app.example.com@evil.example',
    'evil.example@app.example.com',
    'user:pass@app.example.com',
    'app.example.com:443',
  ],
  ...[
    'app.example.com:8443',
    'app.example.com.',
    'app-example.com',
    'аpp.example.com',
    'app。example。com',
    'ａpp.example.com',
  ],
  ...[
    'xn--pp-xbb.example.com',
    '[::1]',
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    'app.example.com\u00ad',
    'app%2eexample.com',
  ],
  ...[
    'app.example.com#@evil.example',
    'app.example.com?@evil.example',
    'app.example.com\\@evil.example',
    'localhost',
  ],
]
const schemes = [
  ...[
    '',
    'http:',
    'https:',
    'HTTPS:',
    'hTTp:',
    'javascript:',
    'data:text/html,',
    'vbscript:',
    'file:',
    'blob:',
    'ftp:',
  ],
  ...[
    'view-source:',
    'ws:',
    'https',
    ':',
    'java\nscript:',
    '\u0001javascript:',
    ' https:',
    'about:',
    'mailto:',
  ],
]
const slashes = [
  ...[
    '',
    '/',
    '//',
    '///',
    '////',
    '\\',
    '\\\\',
    '/\\',
    '\\/',
    '/\\/',
    '/ /',
    '/\t/',
    '/\n/',
    '/\r/',
    '\t//',
    '/\u2215/',
  ],
  ...[
    '/.//',
    '/..//',
    '/./\\',
    '/;//',
    '/?//',
    '/#//',
    '/%2f',
    '/%5c',
    '/%2F%2F',
    '/%09/',
    '/\u00a0/',
    '/／',
    '．／',
  ],
]
const segments = [
  ...[
    '..',
    '.',
    '...',
    '%2e%2e',
    '%2e',
    '.%2e',
    '%252e%252e',
    '%2f',
    '%2F',
    '%5c',
    '%255c',
    '%252f',
    '%00',
    '%0d%0aX:y',
  ],
  ...[
    '%',
    '%e',
    '%zz',
    '%u002f',
    'login',
    'callback',
    'LOGIN',
    'files',
    'a b',
    '<script>',
    "'",
    '"',
    '?a=b',
    '#c',
    ';x',
    '',
  ],
  ...[
    'ä',
    '日本',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\ud800',
    '@evil.example',
    ':443',
    '&',
    '=',
    '~',
    '*',
    'login?x',
    'callback#',
  ],
]
const piece = fc.oneof(
  fc.constantFrom(...segments),
  fc.constantFrom(...controls, '\\', '/', '\u0085', '\u009f'),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const tail = fc.array(fc.tuple(fc.constantFrom('/', '/', '\\', '?', '#', '', '//'), piece), { maxLength: 5 })
const built = fc
  .tuple(fc.constantFrom(...schemes), fc.constantFrom(...slashes), fc.constantFrom('', ...hosts), tail)
  .map(([scheme, slash, host, rest]) => scheme + slash + host + rest.flat().join(''))
const path = tail.map((rest) => `/${rest.flat().join('')}`)
const own = tail.map((rest) => origin + rest.flat().join(''))
/** Encoded once and twice, or with one more character somewhere. */
const disturbed = fc
  .tuple(fc.oneof(built, path, own), fc.nat(3), fc.nat(40), piece)
  .map(([text, how, at, extra]) => {
    const encoded = () => encodeURIComponent(text.replace(/[\ud800-\udfff]/g, ''))
    if (how === 0) return text.slice(0, at) + extra + text.slice(at)
    if (how === 1) return encoded()
    if (how === 2) return `/${encodeURIComponent(encoded())}`
    return `/${encoded()}`
  })
/** What somebody would put into `returnTo` to lead a browser elsewhere, and ordinary pages among it. */
export const corpus = fc.oneof(built, path, own, disturbed, fc.string({ unit: 'binary', maxLength: 80 }))
