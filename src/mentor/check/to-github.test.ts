import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkedOf, finding } from './check.fixture.ts'
import { toGithub } from './to-github.ts'

test('one command a finding, beside its lines', () => {
  assert.equal(
    toGithub(checkedOf([finding()])),
    '::warning file=src/load.ts,line=4,endLine=4,col=5,endColumn=10,title=errors/catch-empty::Who will know that this failed?%0AIt hides every error.%0ASee team/golden@aaaaaaaaaaaa:src/a%2520b.ts#L3-L5\n',
  )
  const region = { startLine: 4, startColumn: 5, endLine: 9, endColumn: 2 }
  assert.match(toGithub(checkedOf([finding({ region })])), /^::warning file=src\/load\.ts,line=4,endLine=9,title=/)
})

test('what is muted is not said, and no more than are shown', () => {
  const mute = { norm: 'errors/*', reason: 'generated', folder: '/work' }
  assert.equal(toGithub(checkedOf([finding({ mute })])), '')
  const lines = toGithub(checkedOf(Array.from({ length: 60 }, () => finding())))
    .trimEnd()
    .split('\n')
  assert.equal(lines.length, 51)
  assert.match(lines.at(-1) ?? '', /^::notice::10 more places/)
})

test('no path and no word becomes a command of its own', () => {
  const hostile = fc.oneof(
    fc.constantFrom('a\n::set-output name=x::y', '\r\n::error::', 'a,line=1::b', '%0A::stop-commands::x', 'a:b'),
    fc.string(),
  )
  fc.assert(
    fc.property(hostile, hostile, (path, words) => {
      const text = toGithub(checkedOf([finding({ path, words: { nudge: words, why: words } })]))
      assert.equal(text.indexOf('\n'), text.length - 1, 'one line')
      assert.ok(!text.includes('\r'))
      const [, file = ''] = /^::warning file=([^,:]*),line=4,/.exec(text) ?? []
      const plain = file
        .replaceAll('%2C', ',')
        .replaceAll('%3A', ':')
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%25', '%')
      assert.equal(plain, path.toWellFormed())
    }),
  )
})
