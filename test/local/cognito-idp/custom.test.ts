import assert from 'node:assert/strict'
import test from 'node:test'
import type { LocalTriggers } from '../../../src/local/index.ts'
import { claimsOf } from '../domain.ts'
import { beginSrp } from './srp-client.ts'
import { ana, invalid, invalidSession, notAuthorized, refused, stage, wrongPassword } from './stage.ts'

/** Asks for 42 until it is answered, at most three times; after SRP where the client began with it. */
function riddle(seen: unknown[] = []): LocalTriggers {
  return {
    defineAuthChallenge(event) {
      seen.push(structuredClone(event))
      const { session } = event.request
      const last = session.at(-1)
      if (last?.challengeName === 'SRP_A') event.response.challengeName = 'PASSWORD_VERIFIER'
      else if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult)
        event.response.issueTokens = true
      else if (session.length >= 3) event.response.failAuthentication = true
      else event.response.challengeName = 'CUSTOM_CHALLENGE'
      return event
    },
    createAuthChallenge(event) {
      event.response.publicChallengeParameters = { question: '6 x 7' }
      event.response.privateChallengeParameters = { answer: '42' }
      event.response.challengeMetadata = `RIDDLE_${event.request.session.length}`
      return event
    },
    async verifyAuthChallengeResponse(event) {
      const { privateChallengeParameters, challengeAnswer } = event.request
      event.response.answerCorrect = challengeAnswer === privateChallengeParameters['answer']
      return event
    },
  }
}

test('the triggers ask until they are content, and see every answer', async (t) => {
  const seen: {
    request: { session: unknown; userNotFound?: boolean; clientMetadata?: unknown }
    triggerSource: string
    userName: string
  }[] = []
  const on = await stage(t, { userPool: { triggers: riddle(seen) } })
  const first = await on.initiate('CUSTOM_AUTH', { USERNAME: 'ana' })
  assert.equal(first.ChallengeName, 'CUSTOM_CHALLENGE')
  assert.deepEqual(first.ChallengeParameters, { USERNAME: 'ana', question: '6 x 7' })
  const second = await on.respond('CUSTOM_CHALLENGE', { USERNAME: 'ana', ANSWER: '41' }, first.Session)
  assert.equal(second.ChallengeName, 'CUSTOM_CHALLENGE')
  // Each answer counts once, a wrong one too.
  await refused(
    on.respond('CUSTOM_CHALLENGE', { USERNAME: 'ana', ANSWER: '42' }, first.Session),
    notAuthorized,
    invalidSession,
  )
  const done = await on.respond('CUSTOM_CHALLENGE', { USERNAME: 'ana', ANSWER: '42' }, second.Session)
  assert.equal(claimsOf(done.AuthenticationResult?.IdToken ?? '')['cognito:username'], 'ana')
  assert.deepEqual(
    seen.map(({ triggerSource, userName }) => [triggerSource, userName]),
    Array(3).fill(['DefineAuthChallenge_Authentication', 'ana']),
  )
  assert.deepEqual(seen.at(-1)?.request.session, [
    { challengeName: 'CUSTOM_CHALLENGE', challengeResult: false, challengeMetadata: 'RIDDLE_0' },
    { challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'RIDDLE_1' },
  ])
})

test('the triggers may end the sign-in', async (t) => {
  const on = await stage(t, { userPool: { triggers: riddle() } })
  let asked = await on.initiate('CUSTOM_AUTH', { USERNAME: 'ana' })
  for (let round = 0; round < 2; round += 1) {
    asked = await on.respond('CUSTOM_CHALLENGE', { USERNAME: 'ana', ANSWER: 'x' }, asked.Session)
  }
  await refused(
    on.respond('CUSTOM_CHALLENGE', { USERNAME: 'ana', ANSWER: 'x' }, asked.Session),
    notAuthorized,
    wrongPassword,
  )
})

test('SRP may come first: the password is proved, then the triggers go on', async (t) => {
  const seen: { request: { session: unknown } }[] = []
  const on = await stage(t, { userPool: { triggers: riddle(seen) } })
  const custom = { flow: 'CUSTOM_AUTH' as const, parameters: { CHALLENGE_NAME: 'SRP_A' } }
  const pool = on.local.userPool.userPoolId
  const begun = await beginSrp(on.sdk, pool, ana, custom)
  assert.equal(begun.first.ChallengeName, 'PASSWORD_VERIFIER')
  const asked = await begun.answer({}, { Session: begun.first.Session })
  assert.equal(asked.ChallengeName, 'CUSTOM_CHALLENGE')
  assert.deepEqual(seen.at(-1)?.request.session, [
    { challengeName: 'SRP_A', challengeResult: true },
    { challengeName: 'PASSWORD_VERIFIER', challengeResult: true },
  ])
  const done = await on.respond('CUSTOM_CHALLENGE', { USERNAME: 'ana', ANSWER: '42' }, asked.Session)
  assert.notEqual(done.AuthenticationResult, undefined)
  const wrong = await beginSrp(on.sdk, pool, { ...ana, password: 'wrong' }, custom)
  await refused(wrong.answer({}, { Session: wrong.first.Session }), notAuthorized, wrongPassword)
})

test('the triggers learn that a user does not exist, and cannot let one in', async (t) => {
  const seen: { request: { userNotFound?: boolean } }[] = []
  const on = await stage(t, { userPool: { triggers: riddle(seen) } })
  const asked = await on.initiate('CUSTOM_AUTH', { USERNAME: 'nobody' })
  assert.equal(asked.ChallengeName, 'CUSTOM_CHALLENGE')
  assert.equal(seen[0]?.request.userNotFound, true)
  await refused(
    on.respond('CUSTOM_CHALLENGE', { USERNAME: 'nobody', ANSWER: '42' }, asked.Session),
    notAuthorized,
    wrongPassword,
  )
})

test('without triggers there is no custom sign-in', async (t) => {
  const on = await stage(t)
  await refused(
    on.initiate('CUSTOM_AUTH', { USERNAME: 'ana' }),
    invalid,
    'Custom auth lambda trigger is not configured for the user pool.',
  )
})

for (const [what, trigger, name, message] of [
  [
    'throws',
    () => {
      throw new Error('no luck')
    },
    'UserLambdaValidationException',
    'DefineAuthChallenge failed with error no luck.',
  ],
  ['gives nothing back', () => undefined, 'InvalidLambdaResponseException', 'Unrecognizable lambda output'],
  [
    'decides nothing',
    (event: object) => event,
    'InvalidLambdaResponseException',
    'Unrecognizable lambda output',
  ],
] as const) {
  test(`a trigger that ${what} is a refusal with ${name}`, async (t) => {
    const triggers = { ...riddle(), defineAuthChallenge: trigger } as unknown as LocalTriggers
    const on = await stage(t, { userPool: { triggers } })
    await refused(on.initiate('CUSTOM_AUTH', { USERNAME: 'ana' }), name, message)
  })
}
