import { numberOf } from '../srp/group.ts'
import type { UserPool } from '../user-pool/user-pool.ts'
import { answering, type AnswerRequest } from './answer.ts'
import { isRemembered, knownDevice } from './device-tracking.ts'
import { finish } from './finish.ts'
import { parameter } from './parameters.ts'
import { countProof } from './password-proof.ts'
import { ask } from './questions.ts'
import { notAuthorized, wrongPassword } from './refusal.ts'
import { clientNumber, isProof, openExchange, proofFrom } from './srp.ts'

/** `DEVICE_SRP_AUTH`: the remembered device begins to prove itself, in place of the second factor. */
export function answerDeviceSrp(pool: UserPool, request: AnswerRequest): object {
  const key = parameter(request.responses, 'DEVICE_KEY')
  const A = clientNumber(request.responses)
  const { attempt, close } = answering(pool, request, 'DEVICE_SRP_AUTH')
  const device = knownDevice(attempt.user, key)
  if (!device?.verifier || !isRemembered(pool, attempt.user, key)) throw notAuthorized(wrongPassword)
  const { salt, passwordVerifier } = device.verifier
  const { secretBlock, parameters } = openExchange(pool, attempt, {
    identity: { name: device.groupKey, id: device.key },
    verifier: { salt: numberOf(salt), v: numberOf(passwordVerifier) },
    A,
  })
  close()
  return ask(
    pool,
    attempt,
    { name: 'DEVICE_PASSWORD_VERIFIER', secretBlock },
    { ...parameters, DEVICE_KEY: device.key, USERNAME: attempt.user.username },
  )
}

/** `DEVICE_PASSWORD_VERIFIER`: the proof of the device's own password. */
export async function answerDevicePassword(pool: UserPool, request: AnswerRequest): Promise<object> {
  const key = parameter(request.responses, 'DEVICE_KEY')
  const proof = proofFrom(request.responses)
  const { attempt, pending, close } = answering(pool, request, 'DEVICE_PASSWORD_VERIFIER')
  close()
  const srp = pool.srpSessions.take(pending.secretBlock)
  const asked = srp?.exchange.identity.id === key && proof.secretBlock === pending.secretBlock
  countProof(pool, attempt.user, () => asked && srp !== undefined && isProof(pool, srp.exchange, proof))
  return finish(pool, attempt, 'TokenGeneration_AuthenticateDevice')
}
