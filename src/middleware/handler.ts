import type { IncomingMessage, ServerResponse } from 'node:http'
import { asError } from '../lib/cause.ts'
import type { CognitoAuth } from './request.ts'

/** The request as this package reads it; Express 4 and 5 requests both fit. */
export type Request = IncomingMessage & {
  originalUrl?: string
  cognito?: CognitoAuth
}

/** A middleware for `app.use()` and routes of Express 4 and 5, without depending on the types of either. */
export type Handler = (
  req: IncomingMessage & Express.Request,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** `next`: the request goes on. `answered`: the response is complete. */
export type HandlerOutcome = 'next' | 'answered'

/**
 * Express 4 does not wait for promises: a middleware of ours ends in exactly one `next`, or has answered
 * itself.
 */
export function handler(
  run: (req: Request, res: ServerResponse) => HandlerOutcome | Promise<HandlerOutcome>,
): Handler {
  return (req, res, next) => {
    let outcome: HandlerOutcome | Promise<HandlerOutcome>
    try {
      outcome = run(req, res)
    } catch (error) {
      return next(asError(error))
    }
    if (outcome === 'next') next()
    else if (outcome !== 'answered') void settle(outcome, next)
  }
}

async function settle(running: Promise<HandlerOutcome>, next: (error?: unknown) => void): Promise<void> {
  let outcome: HandlerOutcome
  try {
    outcome = await running
  } catch (error) {
    return next(asError(error))
  }
  if (outcome === 'next') next()
}
