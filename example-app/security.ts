import type { RequestHandler } from 'express'
import type { Config } from './config.ts'
import { httpError } from './http-error.ts'

/** A strict policy: nothing inline, nothing from elsewhere, no frames. Pages hold personal data, so no cache keeps them. */
export function securityHeaders({ origin }: Config, cognitoOrigin: string): RequestHandler {
  const headers = {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "connect-src 'self'",
      // Browsers hold the redirect that answers a form against this too: signing out goes on to Cognito.
      `form-action 'self' ${cognitoOrigin}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Not `no-referrer`: with it browsers send `Origin: null` even to this app itself.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Cache-Control': 'no-store',
    ...(origin.startsWith('https:') && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }
  return (_req, res, next) => {
    res.set(headers)
    next()
  }
}

/** The session cookie and the callback URL belong to one host name: a visitor of 127.0.0.1 is sent to localhost. */
export function oneHostName(origin: string): RequestHandler {
  const aliases = new URL(origin).hostname === 'localhost' ? ['127.0.0.1', '[::1]'] : []
  return (req, res, next) => {
    if (req.method === 'GET' && aliases.includes(req.hostname)) res.redirect(308, origin + req.originalUrl)
    else next()
  }
}

/** Requests that change something must come from a page of this app (Fetch Metadata, else the Origin header). */
export function sameSiteOnly(origin: string): RequestHandler {
  return (req, _res, next) => {
    const site = req.get('Sec-Fetch-Site')
    const sameSite = site === undefined ? req.get('Origin') === origin : site === 'same-origin'
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method) || sameSite) return next()
    next(httpError(403, 'The request came from another site.'))
  }
}
