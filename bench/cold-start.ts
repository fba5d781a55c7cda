// What a process pays before its first request: npm run bench:cold-start -- [--rounds 15]
import { parseArgs } from 'node:util'
import { loadedModules, run } from './loaded-modules.ts'
import { printSection } from './report.ts'
import { measureRounds, spread } from './rounds.ts'

const own = `const { bearer, UserPool } = await import('passport-cognito-identity')`
const guard = `bearer({ userPool: new UserPool({ userPoolId: 'eu-west-1_AbCdEf123', clientId: 'example' }) })`
const issuer = `issuer: 'https://id.example.com/', jwksUri: 'https://id.example.com/jwks'`
const client = `issuerBaseURL: 'https://id.example.com', clientID: 'web', secret: '${'s'.repeat(32)}'`

/** What is started, none of which reaches a network. */
const starts: Readonly<Record<string, string>> = {
  'passport-cognito-identity, imported': own,
  'passport-cognito-identity, bearer() made': `${own}; ${guard}`,
  'passport-cognito-identity, as from the first sign-in on': `${own}; ${guard}; await import('openid-client')`,
  'openid-client, imported': `await import('openid-client')`,
  'express-oauth2-jwt-bearer, imported': `await import('express-oauth2-jwt-bearer')`,
  'express-oauth2-jwt-bearer, auth() made': `
    const { auth } = await import('express-oauth2-jwt-bearer')
    auth({ ${issuer}, audience: 'https://api.example.com', tokenSigningAlg: 'RS256' })`,
  'express-openid-connect, imported': `await import('express-openid-connect')`,
  'express-openid-connect, auth() made': `
    const { default: openid } = await import('express-openid-connect')
    openid.auth({ ${client}, baseURL: 'https://app.example.com' })`,
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const figures = await measureRounds(
  Object.entries(starts).map(([name, code]) => ({ name, measure: async () => milliseconds(code) })),
  Number(values.rounds),
)
const results = [...figures].map(([name, times]) => {
  const modules = loadedModules(starts[name] ?? '')
  const bytes = modules.reduce((sum, module) => sum + module.bytes, 0)
  return { name, milliseconds: spread(times), modules: modules.length, kilobytes: bytes / 1000 }
})
console.log(`node ${process.version}, rounds ${values.rounds}`)
printSection({ title: 'Cold start', results })

/** From inside a process of its own, so that the start of Node does not count. */
function milliseconds(code: string): number {
  return Number(run(`const start = performance.now(); ${code}; console.log(performance.now() - start)`))
}
