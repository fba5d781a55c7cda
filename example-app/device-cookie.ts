import type { Request, Response } from 'express'

const name = 'example.device'
/** Cognito itself forgets no device. */
const oneYearMs = 31_536_000_000

/** What this browser keeps of its remembered device: sealed, and sent back to the sign-in pages only. */
export function deviceCookie(req: Request): string | undefined {
  return /(?:^|; *)example\.device=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1]
}

export function keepDevice(res: Response, sealed: string): void {
  res.cookie(name, sealed, { ...attributes(res), maxAge: oneYearMs })
}

export function dropDevice(res: Response): void {
  res.clearCookie(name, attributes(res))
}

function attributes({ req }: Response) {
  return { path: '/sign-in', httpOnly: true, sameSite: 'lax', secure: req.secure } as const
}
