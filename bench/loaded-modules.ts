import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A module that a program has loaded from disk. */
export interface LoadedModule {
  /** Relative to the root of the repository. */
  file: string
  bytes: number
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** The debugger is told of every script that is parsed, be it an ES module or CommonJS, in every version of Node. */
const recorder = `
import { Session } from 'node:inspector'
const scripts = new Set()
const session = new Session()
session.connect()
session.on('Debugger.scriptParsed', ({ params }) => scripts.add(params.url))
session.post('Debugger.enable')
process.once('exit', () => {
  const files = [...scripts].filter((url) => url.startsWith('file:') && !/\\[eval\\d*\\]$/.test(url))
  process.stdout.write('\\n' + JSON.stringify(files))
})
`

/** What a fresh process loads that runs `code`, an ES module in the root of the repository. */
export function loadedModules(code: string): LoadedModule[] {
  const files = JSON.parse(run(`${recorder}\n${code}`).split('\n').at(-1) ?? '') as string[]
  return files.map((url) => {
    const path = fileURLToPath(url)
    return { file: path.slice(root.length), bytes: statSync(path).size }
  })
}

/** Runs a module in a process of plain Node, without what the benchmark itself needs. Gives what it prints. */
export function run(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: root,
    encoding: 'utf8',
  })
}
