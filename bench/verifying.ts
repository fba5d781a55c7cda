import type { RequestHandler } from 'express'

/** The middleware that people write around a library that verifies a token and leaves Express to them. */
export function verifying(
  verify: (token: string) => { sub?: string } | Promise<{ sub?: string }>,
): RequestHandler[] {
  return [
    async (req, res, next) => {
      const [, token] = /^Bearer (.+)$/.exec(req.headers.authorization ?? '') ?? []
      try {
        if (token === undefined) throw new Error('There is no token.')
        res.locals['claims'] = await verify(token)
        next()
      } catch {
        res.sendStatus(401)
      }
    },
    (_req, res) => void res.json({ sub: (res.locals['claims'] as { sub?: string }).sub }),
  ]
}
