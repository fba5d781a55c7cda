import { parseArgs } from 'node:util'
import { BARE_ROUTE, contenders, CRYPTO_VERIFY, type Guard } from './contenders.ts'
import type { Length } from './rounds.ts'

export const parts = ['in-process', 'over-http', 'refusals', 'sessions'] as const
export type Part = (typeof parts)[number]

export interface Options extends Length {
  only: ReadonlySet<Part>
  guards: Readonly<Record<string, Guard>>
  json: string
}

/** What was asked for on the command line. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: parts.join() },
      contenders: { type: 'string', default: '' },
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '1' },
      json: { type: 'string', default: 'bench/results/latest.json' },
    },
  })
  return {
    only: new Set(values.only.split(',').map(toPart)),
    guards: chooseGuards(values.contenders.split(',')),
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    json: values.json,
  }
}

function toPart(name: string): Part {
  const part = parts.find((one) => one === name)
  if (part === undefined) throw new TypeError(`--only takes ${parts.join(', ')}.`)
  return part
}

/** Those whose name has one of the words in it, and the two that all are compared with. */
function chooseGuards(words: readonly string[]): Record<string, Guard> {
  for (const word of words) {
    if (!Object.keys(contenders).some((name) => name.includes(word)))
      throw new TypeError(`--contenders: none of ${Object.keys(contenders).join('; ')} is called "${word}".`)
  }
  const isWanted = (name: string) =>
    [BARE_ROUTE, CRYPTO_VERIFY].includes(name) || words.some((word) => name.includes(word))
  return Object.fromEntries(Object.entries(contenders).filter(([name]) => isWanted(name)))
}

function positive(name: string, value: string): number {
  const number = Number(value)
  if (!(number > 0)) throw new TypeError(`--${name} must be a number above 0.`)
  return number
}
