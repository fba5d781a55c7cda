import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Spread } from './rounds.ts'

/** One comparison: a table of the report. */
export interface Section {
  title: string
  results: readonly Result[]
}

/** What was found of one contender, under names such as `timesBareRoute`. */
export type Result = { name: string } & Readonly<Record<string, Spread | number | string>>

/** Shows the sections of a run as they come, and keeps all that there are so far in a file. */
export class Report {
  readonly #file: string
  readonly #setting: object
  readonly #sections: Section[] = []

  constructor(file: string, setting: object) {
    this.#file = file
    this.#setting = setting
    console.log(setting)
  }

  add(section: Section): void {
    this.#sections.push(section)
    printSection(section)
    mkdirSync(dirname(this.#file), { recursive: true })
    const all = { ...this.#setting, sections: this.#sections }
    writeFileSync(this.#file, `${JSON.stringify(all, shortened, 2)}\n`)
  }
}

/** Nothing that is measured here has more than five digits that count. */
function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}

/** Names to the left, figures to the right. */
export function printSection({ title, results }: Section): void {
  const [first] = results
  const header = Object.keys(first ?? {}).map((key) => (key === 'name' ? title : words(key)))
  const rows = [header, ...results.map((result) => Object.values(result).map(cell))]
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  console.log()
  for (const [name = '', ...figures] of rows) {
    const padded = figures.map((figure, column) => figure.padStart(widths[column + 1] ?? 0))
    console.log([name.padEnd(widths[0] ?? 0), ...padded].join('   '))
  }
}

/** `timesBareRoute` is "times bare route". */
function words(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function cell(value: Spread | number | string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return figure(value)
  return `${figure(value.median)} (${figure(value.least)} to ${figure(value.most)})`
}

/** Three digits that count; nothing of what could not be measured. */
function figure(value: number): string {
  if (Number.isNaN(value)) return '–'
  if (Number.isInteger(value)) return String(value)
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}
