/** The 3072-bit group of RFC 5054 appendix A (RFC 3526 §4), generator 2. */
export const N = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
    'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
    'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f' +
    '83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
    'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510' +
    '15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7' +
    'abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c' +
    'bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
)
/** A multiplication for so many bits of an exponent, instead of one for each that is set. */
const WINDOW_BITS = 5

/** Exponents of so many bits are cut into so many rows. */
const ROW_BITS = 64
/** 2^(2^64), 2^(2^128) and 2^(2^192) in the group: what the second, third and fourth row of an exponent count for. */
const rowValues = [
  'JNRf7JNafOVWjIRLfUk2eEVDxfnKiYLrW+brOXhcjkDIjjG7EQJ1xS3T7XxckpsxG97e8yDguFECrWE4H2ltOUjAzMjWCPjDxVT2' +
    'xvjAUrt+vJVYDS4EMZ61tFHyHTVdUwgfreVhg0IYghhGbHFgk9qFmBMYpYzW7d6+f2sBhbN4ds81cerWo98aaBGj+NZKYiVysCvd' +
    'jMueQp8R/wHAgrEK0L2LsbWEW9rfRsG15FWCU6Vd2IlirK3VpH34mvsb7kwlEYEsdP7K9mGlimExntVoLyF/4UmHcNBbTCa0byH5' +
    'yGRXvS//ldz1K8pWbtxBLus5c7gYkbnBjj64EgdirQRJbeUG0+ZgBdZ7tqqAkAut4pEEcWGUs7uuRPuetR7/vkCbMFr09DH6FUrj' +
    '6/ut59NrzA1mV8NCJsYwP2wQMU6N7JqMElfxwUSSIWDrS4fw9zfy9DJ2GHokPcacgozezJYazrAWfSL3uGY12XOTMnJZwBavHsfN' +
    '7LEwYM5b9j3K',
  'jJGvhCSWWIlhZePhkEiNhCQdZCtQnWNVHkbrWMXTFbw8iIbDT829EIgt09ff2l1AfMgM9sn8j7bLNsnjZrPCrjcE7oY6CNDYK1vO' +
    'fS5u/hZn3Xpoy1MohVwVbY41mE3tjsJsl8+SrbpsHFcYzQfLu30JkzfpMEd34R83o2woUe62aj9r1E1nuTo6aTfsST6hcxwlxxMs' +
    'uzv4IhfDVtUeCSDHQp1xCHbeDavBvNTAsSE2N531kraq3TSI3ThKriIeSdTd5222wCok9uY2/mxT8q6E4lJzHexvJxbVEfH8Sfk3' +
    '/TuZMmsSNmfWGj8hW3DIoaC0YSjljAsLsXGDH6dykBu6OHT6838xuliH+PrLi9POmcIM9SFgwibfqGe5Qkc7UtiEkilApJyg4u0u' +
    'CaeG9z8tx9YWPT4q4LlOvAOPAydwU3fEjPwhgXlQyYR1JnB6fXN2AbIZXhDbIZvZwON3Hy/YMgOMj5JF6FXvr0M8SHofLuoQOHPX' +
    'aE+QiOB4BnNK',
  'kZOElSgeDbP8sozhCmWCf8DW4jed9sNKaiVgHQj9acpwF5M+CsO1TZzVt1CV0E3l2h8vZ47KFkLGHzHadm7z4rmTd9h8Ubl8qXrZ' +
    'zKDr0I36u8cayaUu84UftS2MnHZTwPWL+UGAjaJfGWAI7oVePiPuKnF8spQbRgHwIU3FYIhH9qI0cSaGozEgO5eXyPIqMZmTfOH6' +
    'lLC/aksp/79S1jH931mW117BwHpqWYzzGiRITeKOT/S2BKcllhA4cnaitsqOOY7zHHmVFZGUb3iW1zQm1ym1ZZI6KayEdKlnkiC/' +
    'L8pLOR77kw5I5VYdONSZVqMMLJ6AuwgdGsha3mCo7dugr5imfIVwh9pmpaItkS4etS7RSUyIrnymjxTC8bNRtE0AV70Tq1LU5IHG' +
    'nHZAteye6Lz3z4n1GE4+eUEOrEm+l16rGPzf8j9FAVpe3Dq0ifLlTk07IAlIKDgOjPuf3saNLYK9R1/wXS8GQ3hcMc25gOVus1tS' +
    'S+GEHfJPatmf',
].map((text) => BigInt(`0x${Buffer.from(text, 'base64').toString('hex')}`))
/** For each choice of rows, the product of what they count for. */
const columns = Array.from({ length: 16 }, (_, rows) =>
  [2n, ...rowValues].reduce(
    (product, value, row) => ((rows >> row) & 1 ? mod(product * value) : product),
    1n,
  ),
)

export function mod(number: bigint): bigint {
  const rest = number % N
  return rest < 0n ? rest + N : rest
}

/**
 * 2^exponent. Exponents of 256 bits by a comb (Lim and Lee, 1994): four rows of 64 bits, squared together, which takes a third of
 * the time of squaring for every bit.
 */
export function powerOfTwo(exponent: bigint): bigint {
  const binary = exponent.toString(2).padStart(4 * ROW_BITS, '0')
  if (binary.length > 4 * ROW_BITS) return power(2n, exponent)
  let result = 1n
  for (let column = 0; column < ROW_BITS; column += 1) {
    let rows = 0
    // The first characters are the highest row.
    for (let row = 0; row < 4; row += 1) rows = rows * 2 + Number(binary[row * ROW_BITS + column])
    result = mod(result * result)
    if (rows > 0) result = mod(result * (columns[rows] as bigint))
  }
  return result
}

/** base^exponent by a fixed window from the top. */
export function power(base: bigint, exponent: bigint): bigint {
  const powers = [1n]
  for (let index = 1; index < 2 ** WINDOW_BITS; index += 1)
    powers.push(((powers[index - 1] as bigint) * base) % N)
  const binary = exponent.toString(2)
  const digits = binary.padStart(Math.ceil(binary.length / WINDOW_BITS) * WINDOW_BITS, '0')
  let result = 1n
  for (let at = 0; at < digits.length; at += WINDOW_BITS) {
    for (let bit = 0; bit < WINDOW_BITS; bit += 1) result = (result * result) % N
    result = (result * (powers[Number.parseInt(digits.slice(at, at + WINDOW_BITS), 2)] as bigint)) % N
  }
  return result
}
