import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { contenders } from '../../bench/contenders.ts'
import type { Section } from '../../bench/report.ts'
import { createWorkloads, inOrder } from '../../bench/workloads.ts'
import { drawZipf } from '../../bench/zipf.ts'
import { run } from '../support/run.ts'

// What a benchmark finds depends on the machine; that it compares like with like does not.

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the same seed draws the same, and the first of many things comes as often as Zipf says', () => {
  const draws = drawZipf(10_000, 20_000, 1)
  assert.deepEqual(drawZipf(10_000, 20_000, 1), draws)
  assert.notDeepEqual(drawZipf(10_000, 20_000, 2), draws)
  assert.deepEqual([Math.min(...draws), Math.max(...draws) < 10_000], [0, true])
  // One in the 10,000th harmonic number, 9.79; the tolerance is five standard deviations.
  const share = draws.filter((index) => index === 0).length / draws.length
  assert.equal(Math.abs(share - 1 / 9.7876) < 0.011, true, `the first came with ${share}`)
})

test('no token of the workload of new tokens comes twice, in whatever round', () => {
  const fresh = Array.from({ length: 40 }, (_, index) => `token-${index}`)
  const workload = createWorkloads({ population: ['a'], fresh }, 3)['every token new']
  const headers = [0, 1, 2, 3].flatMap((round) => [...inOrder(workload(round))])
  assert.deepEqual(
    headers,
    fresh.map((token) => `Bearer ${token}`),
  )
})

test('the benchmark runs with every contender, and bearer withstands what it sends', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'))
  const json = path.join(folder, 'bench.json')
  const short = ['--rounds', '1', '--seconds', '0.02', '--json', json]
  run(process.execPath, ['--import', 'tsx', 'bench/main.ts', '--only', 'in-process,refusals', ...short], root)
  const { sections } = JSON.parse(readFileSync(json, 'utf8')) as { sections: Section[] }
  rmSync(folder, { recursive: true })
  assert.equal(sections.length, 8)
  for (const { title, results } of sections) {
    assert.deepEqual(
      results.map(({ name }) => name),
      Object.keys(contenders),
      title,
    )
  }
  const refusals = sections.filter(({ title }) => title.startsWith('Refused: '))
  for (const { title, results } of refusals) {
    for (const { name, answers, aGoodTokenThen } of results.filter(({ name }) => name.startsWith('bearer'))) {
      assert.match(answers as string, /^\d+ × 401$/, `${title}, ${name}`)
      assert.equal(aGoodTokenThen, '200', `${title}, ${name}`)
    }
  }
})
