import { request } from 'node:http'

/** One HTTP request with exactly these headers: `fetch` adds Fetch Metadata of its own, and a browser sends other values. */
export function rawRequest(
  url: URL,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (received) => {
      const chunks: Buffer[] = []
      received.on('data', (chunk: Buffer) => chunks.push(chunk))
      received.on('error', reject)
      received.on('end', () => {
        const answer = new Headers()
        for (let at = 0; at < received.rawHeaders.length; at += 2) {
          answer.append(received.rawHeaders[at] ?? '', received.rawHeaders[at + 1] ?? '')
        }
        const status = received.statusCode ?? 0
        resolve(
          new Response([204, 304].includes(status) ? null : Buffer.concat(chunks), {
            status,
            headers: answer,
          }),
        )
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
