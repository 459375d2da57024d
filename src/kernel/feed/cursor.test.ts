import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { newId } from '../id.ts'
import { formatCursor, parseCursor } from './cursor.ts'

const incarnation = newId(systemClock('test'), 'inc')

test('a cursor is read as it was written', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/), fc.maxSafeNat(), (region, sequence) => {
      const cursor = { region, incarnation, sequence }
      assert.deepEqual(parseCursor(formatCursor(cursor)), cursor)
    }),
  )
})

for (const text of [
  '',
  'home',
  `home/${incarnation}`,
  `home/${incarnation}/`,
  `home/${incarnation}/-1`,
  `home/${incarnation}/01`,
  `home/${incarnation}/1e3`,
  `home/${incarnation}/9999999999999999`,
  `Home/${incarnation}/1`,
  `home/${incarnation}/1\n`,
  'home/inc_x/1',
]) {
  test(`${JSON.stringify(text)} is no cursor`, () => {
    assert.throws(() => parseCursor(text), { code: 'FEED_CURSOR_MALFORMED', status: 400 })
  })
}
