import assert from 'node:assert/strict'
import { test } from 'node:test'
import { continueLine } from './idiom.ts'

const passages = [
  { text: 'function a() {\n  const found = byName.get(name)\n  if (found === undefined) throw Missing(name)\n}' },
  { text: '    const found = byName.get(key)' },
  { text: 'const found = byName.get(name)' },
  { text: '  try {\n    await send(message)\n  } catch (error) {\n    throw Unsent(error)\n  }' },
]

test('a line goes on as golden code goes on most often', () => {
  assert.equal(continueLine('  const found = by', passages, { whole: false }), 'Name.get(name)')
})

test('a block is given whole only where that is wanted, and as deep as it is typed', () => {
  assert.equal(continueLine('} catch (err', passages, { whole: false }), 'or) {')
  assert.equal(continueLine('\t} catch (err', passages, { whole: true }), 'or) {\n\t  throw Unsent(error)\n\t}')
})

test('nothing is made up', () => {
  assert.equal(continueLine('const lost = by', passages, { whole: true }), undefined)
  assert.equal(continueLine('const found = byName.get(name)', passages, { whole: true }), undefined, 'all is typed')
  assert.equal(continueLine('con', passages, { whole: true }), undefined, 'too short to mean something')
  assert.equal(continueLine('      ', passages, { whole: true }), undefined)
})
