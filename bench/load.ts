// The process that sends the requests: as many as the server answers, over ten connections.
import autocannon from 'autocannon'
import { answerParent } from './child.ts'
import type { Tokens } from './tokens.ts'
import { createWorkloads, type Header, inOrder, type WorkloadName } from './workloads.ts'

/** First the tokens, if any are needed; then one measurement after another, each answered with requests per second. */
export type LoadOrder =
  | { tokens: Tokens; rounds: number }
  | { url: string; seconds: number; workload: WorkloadName; round: number }
  | { url: string; seconds: number; cookie: string }

/** Enough to keep the server busy all the time. */
const CONNECTIONS = 10

let workloads: ReturnType<typeof createWorkloads> | undefined

answerParent<LoadOrder>((order) => {
  if ('tokens' in order) {
    workloads = createWorkloads(order.tokens, order.rounds)
    return undefined
  }
  return requestsPerSecond(order.url, order.seconds, headerOf(order))
})

function headerOf(order: { workload: WorkloadName; round: number } | { cookie: string }): Header {
  if (!('workload' in order)) return { name: 'cookie', values: [order.cookie], once: false }
  if (!workloads) throw new Error('There are no tokens yet.')
  return workloads[order.workload](order.round)
}

/** Counts up to the last answer, which autocannon itself looks for in intervals only. */
async function requestsPerSecond(url: string, seconds: number, header: Header): Promise<number> {
  const start = performance.now()
  let last = start
  const {
    errors,
    non2xx,
    '2xx': answered,
  } = await run(url, seconds, header, () => (last = performance.now()))
  if (errors > 0 || non2xx > 0) throw new Error(`${url}: ${errors} failed requests, ${non2xx} refused ones.`)
  return (answered / (last - start)) * 1000
}

function run(url: string, seconds: number, header: Header, onAnswer: () => void): Promise<autocannon.Result> {
  const values = inOrder(header)
  const setupRequest = (request: autocannon.Request) => ({
    ...request,
    headers: { [header.name]: values.next().value ?? '' },
  })
  const end = header.once ? { amount: header.values.length } : { duration: seconds }
  return new Promise((resolve, reject) => {
    const options = { url, connections: CONNECTIONS, requests: [{ setupRequest }], sampleInt: 100, ...end }
    const load = autocannon(options, (error: Error | null, result) => {
      clearTimeout(timer)
      if (error) reject(error)
      else resolve(result)
    })
    load.on('response', onAnswer)
    const timer = setTimeout(() => load.stop(), seconds * 1000)
  })
}
