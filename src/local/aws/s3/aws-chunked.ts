/** A body sent with `Content-Encoding: aws-chunked`, put together, and the headers that followed it. */
interface DecodedBody {
  body: Buffer
  /** Lower-case names. */
  trailers: Record<string, string>
}

/**
 * Decodes an `aws-chunked` body (`SIZE_HEX CRLF data CRLF … 0 CRLF trailers CRLF`); undefined when it is cut short
 * or malformed. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(encoded: Buffer): DecodedBody | undefined {
  const parts: Buffer[] = []
  let position = 0
  for (;;) {
    const lineEnd = encoded.indexOf('\r\n', position)
    if (lineEnd < 0) return undefined
    const [, sizeHex] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(encoded.toString('latin1', position, lineEnd)) ?? []
    if (sizeHex === undefined) return undefined
    const start = lineEnd + 2
    const end = start + parseInt(sizeHex, 16)
    if (end === start) return { body: Buffer.concat(parts), trailers: parseTrailers(encoded.subarray(start)) }
    if (encoded.toString('latin1', end, end + 2) !== '\r\n') return undefined
    parts.push(encoded.subarray(start, end))
    position = end + 2
  }
}

function parseTrailers(rest: Buffer): Record<string, string> {
  const lines = rest.toString('latin1').split('\r\n')
  const pairs = lines.flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1
      ? []
      : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const]
  })
  return Object.fromEntries(pairs)
}
