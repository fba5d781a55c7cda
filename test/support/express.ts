import express5 from 'express'
import { createRequire } from 'node:module'

/** The major version of Express that this run tests: 4 with `EXPRESS=4` in the environment, else 5. */
export const expressVersion: 4 | 5 = process.env['EXPRESS'] === '4' ? 4 : 5

/**
 * `express`, of the version that this run tests. Typed as Express 5 in both cases: the tests use only what the two
 * have in common.
 */
const express =
  expressVersion === 4 ? (createRequire(import.meta.url)('express4') as typeof express5) : express5

export default express
