import { createHash, createHmac, type BinaryLike, type Hash, type Hmac } from 'node:crypto'

type Source = string | ArrayBuffer | ArrayBufferView

/** SHA-256, or HMAC-SHA-256 when given a secret, in the shape that `@smithy/signature-v4` takes. */
export class Sha256 {
  private readonly secret: Source | undefined
  private hash: Hash | Hmac

  constructor(secret?: Source) {
    this.secret = secret
    this.hash = start(secret)
  }

  update(data: Source): void {
    this.hash.update(toBinary(data))
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest())
  }

  reset(): void {
    this.hash = start(this.secret)
  }
}

function start(secret: Source | undefined): Hash | Hmac {
  return secret === undefined ? createHash('sha256') : createHmac('sha256', toBinary(secret))
}

function toBinary(source: Source): BinaryLike {
  if (typeof source === 'string') return source
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}
