import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMuted } from './mutes.ts'

const FILE = '/work/shop/src/cart/total.ts'
const NORM = 'naming/function:exported@tests'

const byTeam = (norm: string, path?: string, folder = '/work/shop') =>
  isMuted(NORM, FILE, {
    team: [{ norm, folder, reason: 'we differ', ...(path === undefined ? {} : { path }) }],
    own: [],
  })

const bySelf = (norm: string, path = '', root = '') =>
  isMuted(NORM, FILE, { team: [], own: [{ norm, path, root, reason: 'not here' }] })

test('a norm is muted by its id, its question, or its subject', () => {
  for (const norm of [NORM, 'naming/function:exported', 'naming/function', 'naming/*']) {
    assert.equal(byTeam(norm), true, norm)
    assert.equal(bySelf(norm), true, norm)
  }
  for (const norm of ['naming/func', 'naming', 'errors/*', '', 'naming/function:exp']) {
    assert.equal(byTeam(norm), false, norm)
    assert.equal(bySelf(norm), false, norm)
  }
})

test('a mute with a path is for what lies there, from the folder that says so', () => {
  assert.equal(byTeam('naming/*', 'src/**'), true)
  assert.equal(byTeam('naming/*', 'src/cart'), true)
  assert.equal(byTeam('naming/*', 'src/cart/total.ts'), true)
  assert.equal(byTeam('naming/*', 'src/car'), false)
  assert.equal(byTeam('naming/*', 'cart/*', '/work/shop/src'), true)
  assert.equal(byTeam('naming/*', undefined, '/work/other'), false)
})

test('a user mutes one file, or everywhere', () => {
  assert.equal(bySelf('naming/*', 'src/cart/total.ts', '/work/shop'), true)
  assert.equal(bySelf('naming/*', 'src/cart/sum.ts', '/work/shop'), false)
  assert.equal(bySelf('naming/*', 'src/cart/total.ts', '/work/copy'), false)
})
