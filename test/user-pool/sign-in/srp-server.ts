import { createHash, createHmac } from 'node:crypto'

export const secretBlock = Buffer.from('cognito-facts secret block: opaque server state').toString('base64')

export const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
)
export const k = 0x538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6n

export function modPow(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let [b, e] = [base % N, exponent]; e > 0n; e >>= 1n, b = (b * b) % N)
    if (e & 1n) result = (result * b) % N
  return result
}

/** The server's half, written apart from the client's: no windows, no shifts, its own padding. */
export function serverSignature(
  { srpA, srpB, v, b }: { srpA: string; srpB: string; v: bigint; b: bigint },
  { group, id }: { group: string; id: string },
  timestamp: string,
): string {
  const pad = (hex: string) => {
    const even = hex.length % 2 ? `0${hex}` : hex
    return Buffer.from(parseInt(even.slice(0, 2), 16) > 127 ? `00${even}` : even, 'hex')
  }
  const u = createHash('sha256').update(pad(srpA)).update(pad(srpB)).digest('hex')
  const uNumber = BigInt(`0x${u}`)
  const secret = modPow(BigInt(`0x${srpA}`) * modPow(v, uNumber), b)
  const prk = createHmac('sha256', pad(uNumber.toString(16)))
    .update(pad(secret.toString(16)))
    .digest()
  const key = createHmac('sha256', prk).update('Caldera Derived Key\u0001').digest().subarray(0, 16)
  return createHmac('sha256', key)
    .update(group + id)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64')
}
