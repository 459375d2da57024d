import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { growHabit, type Habit, NO_HABIT } from './habit.ts'

const FADING = { kept: 10, days: 3 }

function grown(days: readonly { kept: number; lapsed?: number; day: number }[]): Habit {
  return days.reduce((habit, { kept, lapsed = 0, day }) => growHabit(habit, { kept, lapsed, day }, FADING), NO_HABIT)
}

test('a habit fades when it was kept often enough, over enough days', () => {
  assert.equal(grown([{ kept: 50, day: 1 }]).faded, false, 'all on one day')
  const scattered = [1, 2, 4].map(day => ({ kept: 3, day }))
  assert.equal(grown(scattered).faded, false, 'nine times')
  assert.equal(grown([...scattered, { kept: 1, day: 4 }]).faded, true)
})

test('a lapse before it faded begins anew', () => {
  const almost = [1, 2].map(day => ({ kept: 5, day }))
  assert.deepEqual(grown([...almost, { kept: 3, lapsed: 1, day: 4 }]), NO_HABIT)
  assert.equal(grown([...almost, { kept: 0, lapsed: 1, day: 3 }, { kept: 50, day: 4 }]).faded, false)
})

test('a habit that had faded forgives one lapse, and comes back at the second', () => {
  const held = [1, 2, 4].map(day => ({ kept: 5, day }))
  assert.equal(grown([...held, { kept: 0, lapsed: 1, day: 5 }]).faded, true)
  assert.deepEqual(grown([...held, { kept: 0, lapsed: 1, day: 5 }, { kept: 0, lapsed: 1, day: 9 }]), NO_HABIT)
  assert.deepEqual(grown([...held, { kept: 0, lapsed: 2, day: 5 }]), NO_HABIT, 'two at once')
})

test('nothing fades that was not kept often and long enough', () => {
  const entry = fc.record({ kept: fc.nat(4), lapsed: fc.nat(1), day: fc.nat(6) })
  fc.assert(
    fc.property(fc.array(entry), entries => {
      const sorted = entries.toSorted((a, b) => a.day - b.day)
      const kept = sorted.filter(one => one.kept > 0)
      if (!grown(sorted).faded) return
      assert.ok(kept.reduce((sum, one) => sum + one.kept, 0) >= FADING.kept)
      assert.ok((kept.at(-1)?.day ?? 0) - (kept[0]?.day ?? 0) >= FADING.days)
    }),
  )
})
