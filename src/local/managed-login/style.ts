import { createHash } from 'node:crypto'
import { Html } from './html.ts'

const style = `
:root { color-scheme: light dark; --page: #eef1f6; --card: #fff; --text: #1b2430; --soft: #556170; --line: #d3dae3; --field: #7d8897;
  --accent: #1f5fbf; --accent-text: #fff; --hover: #f3f6fb; --bad: #a3161f; --bad-page: #fdeeee; --good: #17623a; --good-page: #e9f6ee }
@media (prefers-color-scheme: dark) { :root { --page: #12161c; --card: #1c222b; --text: #e8ecf2; --soft: #a4afbd; --line: #333d4a;
  --field: #7f8b9b; --accent: #7ab0ff; --accent-text: #0c1420; --hover: #262e39; --bad: #ff9a9a; --bad-page: #3a1d20;
  --good: #8fdcae; --good-page: #173325 } }
* { box-sizing: border-box }
[hidden] { display: none }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: 1.5rem 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans CJK JP', sans-serif }
header, main, footer { width: 100%; max-width: 26rem }
header { margin-top: auto; padding: 0 .25rem .75rem; display: flex; align-items: center; gap: .5rem; color: var(--soft);
  font-size: .9rem; font-weight: 600 }
header svg { width: 1.25rem; height: 1.25rem; flex: none; color: var(--accent) }
main { padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 12px 32px rgb(15 30 60 / 9%) }
footer { margin-bottom: auto; padding: 1rem .25rem 0; color: var(--soft); font-size: .85rem }
footer p { margin: 0 }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin-bottom: .5rem }
nav a { padding: .25rem 0 }
nav [aria-current] { color: var(--text); font-weight: 600; text-decoration: none }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: break-word }
p { margin: .25rem 0 0; color: var(--soft); overflow-wrap: anywhere }
main > p + p, form p { margin-top: .75rem }
ul, ol { margin: .75rem 0 0; padding-left: 1.25rem }
li + li { margin-top: .25rem }
label, legend { display: block; margin: 1rem 0 .35rem; padding: 0; font-weight: 600; font-size: .925rem }
fieldset { margin: 0; padding: 0; border: 0 }
input:not([type=radio]) { width: 100%; padding: .65rem .75rem; border: 1px solid var(--field); border-radius: 8px;
  background: var(--card); color: inherit; font: inherit }
input[name=code] { font-size: 1.25rem; letter-spacing: .2em; font-variant-numeric: tabular-nums }
label.choice { display: flex; align-items: center; gap: .75rem; margin: .5rem 0 0; padding: .7rem .85rem; border: 1px solid var(--line);
  border-radius: 8px; font-weight: 400; font-size: 1rem; cursor: pointer }
label.choice:hover { background: var(--hover) }
label.choice small { display: block; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere }
input[type=radio] { width: 1.1rem; height: 1.1rem; margin: 0; flex: none; accent-color: var(--accent) }
button, .button { display: block; width: 100%; margin-top: 1.25rem; padding: .7rem 1rem; border: 1px solid transparent; border-radius: 8px;
  background: var(--accent); color: var(--accent-text); font: inherit; font-weight: 600; text-align: center; text-decoration: none;
  cursor: pointer }
button:hover, .button:hover { filter: brightness(1.08) }
.quiet { background: transparent; border-color: var(--line); color: var(--text); margin-top: .6rem; font-weight: 500 }
.quiet:hover { filter: none; background: var(--hover) }
button.link { width: auto; margin: 1rem 0 0; padding: .25rem 0; border: 0; background: none; color: var(--accent); font-weight: 400;
  text-decoration: underline }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px }
input:focus-visible, button:focus-visible, .button:focus-visible, label.choice:focus-within { border-radius: 8px }
.error, .done { margin: 1rem 0 0; padding: .65rem .8rem; border-radius: 8px; border-left: 4px solid }
.error { border-color: var(--bad); background: var(--bad-page); color: var(--bad) }
.done { border-color: var(--good); background: var(--good-page); color: var(--good) }
.hint { margin: .35rem 0 0; font-size: .85rem }
.person small { display: block; color: var(--soft); font-weight: 400; overflow-wrap: anywhere }
.aside { margin-top: .5rem; font-size: .9rem; text-align: right }
.below { margin-top: 1.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line) }
.or { display: flex; align-items: center; gap: .75rem; margin: 1.5rem 0 .9rem; color: var(--soft); font-size: .9rem }
.or::before, .or::after { content: ''; flex: 1; border-top: 1px solid var(--line) }
.qr { display: block; width: 13rem; height: 13rem; margin: 1rem auto 0; border-radius: 8px; border: 1px solid var(--line) }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, monospace }
code.key { display: block; margin-top: .35rem; padding: .6rem .75rem; border-radius: 8px; background: var(--page); color: var(--text);
  overflow-wrap: anywhere; user-select: all }
@media (max-width: 28rem) { body { padding: 1rem .75rem } main { padding: 1.5rem 1.25rem } }
`

/** For `Content-Security-Policy`: only this style is applied. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`

/** One value, so that no formatter can put a space between the tags and break the hash. */
export const styleElement = new Html(`<style>${style}</style>`)
