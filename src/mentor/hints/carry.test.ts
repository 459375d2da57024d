import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { carry } from './carry.ts'

const at = (startIndex: number, endIndex: number) => ({ startIndex, endIndex })

test('what stands behind an edit moves with it, what stands before it stays', () => {
  assert.deepEqual(carry([at(10, 14)], [{ startIndex: 2, endIndex: 5, text: '' }]), [at(7, 11)])
  assert.deepEqual(carry([at(10, 14)], [{ startIndex: 2, endIndex: 2, text: 'abc' }]), [at(13, 17)])
  assert.deepEqual(carry([at(10, 14)], [{ startIndex: 15, endIndex: 16, text: 'abc' }]), [at(10, 14)])
})

test('what an edit touches is gone', () => {
  const edits = [
    { startIndex: 11, endIndex: 12, text: 'x' },
    { startIndex: 14, endIndex: 14, text: 'x' },
    { startIndex: 10, endIndex: 10, text: 'x' },
    { startIndex: 0, endIndex: 90, text: '' },
  ]
  for (const edit of edits) assert.deepEqual(carry([at(10, 14)], [edit]), [], JSON.stringify(edit))
})

test('a range that is left covers the same text as before', () => {
  const edit = fc.record({ from: fc.nat(60), length: fc.nat(8), text: fc.string({ maxLength: 6 }) })
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), raw => {
      let text = Array.from({ length: 40 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('')
      const range = at(18, 23)
      const covered = text.slice(18, 23)
      const edits = raw.map(({ from, length, text: inserted }) => {
        const startIndex = Math.min(from, text.length)
        const endIndex = Math.min(startIndex + length, text.length)
        text = text.slice(0, startIndex) + inserted + text.slice(endIndex)
        return { startIndex, endIndex, text: inserted }
      })
      for (const left of carry([range], edits)) assert.equal(text.slice(left.startIndex, left.endIndex), covered)
    }),
  )
})
