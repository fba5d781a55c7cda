import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Express as ExpressApp } from 'express'
import request from 'supertest'
import { bearer, type GroupConditions, requireGroups, UserPool } from '../../src/index.ts'
import { type LocalCognito, startLocalCognito } from '../../src/local/index.ts'
import { ana } from '../support/app.ts'
import express from '../support/express.ts'

describe('each condition of requireGroups holds alone and beside the others', () => {
  const rows: [conditions: GroupConditions, allowed: string[][], refused: string[][]][] = [
    [{ all: ['a', 'b'] }, [['a', 'b'], ['b', 'x', 'a']], [[], ['a'], ['b'], ['ab']]], // prettier-ignore
    [{ any: ['a', 'b'] }, [['a'], ['b'], ['x', 'b']], [[], ['x'], ['A']]],
    [{ none: ['a', 'b'] }, [[], ['x'], ['A']], [['a'], ['b', 'x'], ['a', 'b']]], // prettier-ignore
    [{ all: ['a'], any: ['b', 'c'] }, [['a', 'c']], [['a'], ['b', 'c']]],
    [{ all: ['a'], none: ['b'] }, [['a']], [[], ['b'], ['a', 'b']]],
    [{ any: ['a', 'c'], none: ['b'] }, [['a'], ['c', 'x']], [[], ['a', 'b'], ['x']]],
  ]
  let local: LocalCognito
  let app: ExpressApp
  let handled = 0
  before(async () => {
    local = await startLocalCognito({ users: [ana] })
    app = express()
    app.use(bearer({ userPool: new UserPool(local.userPool) }))
    for (const [index, [conditions]] of rows.entries()) {
      app.get(`/${index}`, requireGroups(conditions), (_req, res) => {
        handled += 1
        res.json('in')
      })
    }
  })
  after(() => local.close())

  /** The status for a member of these groups, and how often the route ran. */
  async function asMember(index: number, groups: string[]): Promise<[number, number]> {
    handled = 0
    const token = await local.issueToken({ tokenUse: 'access', claims: { 'cognito:groups': groups } })
    const { status } = await request(app).get(`/${index}`).set('authorization', `Bearer ${token}`)
    return [status, handled]
  }

  for (const [index, [conditions, allowed, refused]] of rows.entries()) {
    test(`requireGroups(${JSON.stringify(conditions)})`, async () => {
      for (const groups of allowed) assert.deepEqual(await asMember(index, groups), [200, 1], groups.join())
      for (const groups of refused) assert.deepEqual(await asMember(index, groups), [403, 0], groups.join())
    })
  }
})
