import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../kernel/index.ts'
import type { Place } from '../place.ts'
import { formatCitation, parseCitation } from './format-citation.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'

test('a citation is one short line', () => {
  const place = { repository: 'acme/web', commit, path: 'src/a b#1.ts', startLine: 3, endLine: 9 }
  assert.equal(formatCitation(place), 'acme/web@0123456789ab:src/a%20b%231.ts#L3-L9')
  assert.equal(parseCitation(`acme/web@${commit}:src/a.ts#L3`).endLine, 3)
})

test('what is no citation is refused', () => {
  const refused = [
    '',
    'acme/web',
    'acme/web@0123456789a:src/a.ts#L1-L2',
    'acme/web@0123456789AB:src/a.ts#L1-L2',
    'acme/web@0123456789ab:src/a.ts',
    'acme/web@0123456789ab:src/a.ts#L0-L2',
    'acme/web@0123456789ab:src/a.ts#L3-L2',
    'acme/web@0123456789ab:src/a.ts#L1-L99999999',
    'acme/web@0123456789ab:src/../../etc/passwd#L1-L2',
    'acme/web@0123456789ab:src/%2e%2e/x#L1-L2',
    'acme/web@0123456789ab:/etc/passwd#L1-L2',
    'acme/web@0123456789ab:a%00b#L1-L2',
    'acme/web@0123456789ab:a%b#L1-L2',
    'acme/web@0123456789ab:a\nb#L1-L2',
    'acme/web@0123456789ab:a.ts#L1-L2\n',
    'acme/web@0123456789ab:a.ts#L1-L2 and more',
    'ac me/web@0123456789ab:a.ts#L1-L2',
    `acme/web@0123456789ab:${'a'.repeat(6001)}#L1-L2`,
  ]
  for (const text of refused) assert.throws(() => parseCitation(text), { code: 'CITATION_INVALID' }, text)
})

const folder = fc
  .string({ unit: fc.constantFrom(...'aZ0._- #%@:é]`<\u202e\n漢'), minLength: 1, maxLength: 8 })
  .filter(part => part !== '.' && part !== '..')
const place: fc.Arbitrary<Place> = fc.record(
  {
    repository: fc.constantFrom('a', 'acme/web', 'golden.example/a/b-c_d', 'local/my folder@2'),
    commit: fc.constant(commit.slice(0, 12)),
    path: fc.array(folder, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/')),
    startLine: fc.integer({ min: 1, max: 5_000_000 }),
    endLine: fc.integer({ min: 5_000_000, max: 10_000_000 }),
  },
  { noNullPrototype: true },
)

test('a citation that is written is read back, and is one line without characters that hide others', () => {
  fc.assert(
    fc.property(place, one => {
      const text = formatCitation(one)
      assert.match(text, /^[^\s\p{C}`<>]+$/u)
      assert.deepEqual(parseCitation(text), one)
    }),
  )
})

test('any text is a citation or a failure, at once', () => {
  const near = fc.string({ unit: fc.constantFrom(...'ab0@:#L-/%2.\n'), maxLength: 80 })
  fc.assert(
    fc.property(fc.oneof(fc.string(), near), text => {
      try {
        assert.ok(parseCitation(text).startLine >= 1)
      } catch (error) {
        assert.ok(error instanceof Failure, String(error))
      }
    }),
  )
  assert.throws(() => parseCitation(`a@${'0'.repeat(12)}:${'#L1-L2'.repeat(1300)}x`), Failure)
})
