import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createTagJudge, type Tag, type TagRule } from './tag-rule.ts'

type Drawn = Tag & { locked: boolean }
const when = fc.nat(20)
const tags: fc.Arbitrary<Drawn[]> = fc
  .uniqueArray(
    fc.record({ name: fc.constantFrom(...'abcdefghijkl'), pushedAt: when, pulledAt: when, locked: fc.boolean() }),
    { selector: tag => tag.name },
  )
  // As the index has them: the newest first, of equal ones the last by name.
  .map(all => all.toSorted((a, b) => b.pushedAt - a.pushedAt || (a.name < b.name ? 1 : -1)))
const names = fc.subarray([...'abcdefghijkl'])
const rules = fc.record({
  kept: names,
  newest: fc.nat(4),
  newestOf: fc.constantFrom('all' as const, 'rest' as const),
  pushedSince: fc.option(when, { nil: undefined }),
  pulledSince: fc.oneof(when, fc.constant('unknown' as const), fc.constant(undefined)),
})

/** Each rule by itself, said as plainly as it can be; a tag goes where no sentence keeps it. */
function staying(all: readonly Drawn[], rule: Omit<TagRule, 'keeps' | 'looksAt'> & { kept: string[] }): Set<string> {
  const { kept, newest, newestOf, pushedSince, pulledSince } = rule
  const stays = new Set(kept.filter(name => all.some(tag => tag.name === name)))
  for (const tag of all) {
    if (tag.locked) stays.add(tag.name)
    if (pushedSince !== undefined && tag.pushedAt >= pushedSince) stays.add(tag.name)
    if (pulledSince === 'unknown') stays.add(tag.name)
    else if (pulledSince !== undefined && (tag.pulledAt >= pulledSince || tag.pushedAt >= pulledSince))
      stays.add(tag.name)
  }
  const counted = newestOf === 'all' ? all : all.filter(tag => !stays.has(tag.name))
  for (const tag of counted.slice(0, newest)) stays.add(tag.name)
  return stays
}

test('a tag stays where a rule keeps it, and goes where none does', () => {
  fc.assert(
    fc.property(tags, rules, (all, { kept, ...rule }) => {
      const judge = createTagJudge({ ...rule, looksAt: () => true, keeps: name => kept.includes(name) })
      const stays = all.filter(tag => (judge.keeps(tag) ?? tag.locked) || judge.keepsOfRest())
      const expected = staying(all, { ...rule, kept })
      assert.deepEqual(new Set(stays.map(tag => tag.name)), expected)
    }),
    { numRuns: 3000 },
  )
})
