import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFilter } from './filter.ts'

const atom = fc.constantFrom('a', 'b', '1', '-', '.', '\\.', '\\d', '\\w', '[ab]', '[^a]', '[0-9]', '[a-]', '^', '$')
const many = fc.constantFrom('.', '\\d', '\\w', '[ab]', '[^b]', '(?:a|b1)', '(a*b|.)'.replace('a*', '[a]*'))
const piece = fc.oneof(
  atom,
  fc.tuple(many, fc.constantFrom('*', '+', '?', '*?', '+?')).map(two => two.join('')),
  fc.constantFrom('(a|b)', '(?:^a|b$)', '(1(a|-)+)*', '()', 'a|b'),
)
const expression = fc.array(piece, { minLength: 1, maxLength: 6 }).map(pieces => pieces.join(''))
const names = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-', '.'), maxLength: 10 })

test('what is taken means what acr purge makes of it: whole names of repositories, any part of a tag', () => {
  fc.assert(
    fc.property(expression, expression, names, (repository, tag, name) => {
      const filter = parseFilter(`${repository}:${tag}`)
      assert.equal(filter.repository(name), new RegExp(`^(?:${repository})$`).test(name), `${repository} on ${name}`)
      assert.equal(filter.tag(name), new RegExp(tag).test(name), `${tag} on ${name}`)
    }),
    { numRuns: 3000 },
  )
})

test('the examples of acr purge', () => {
  const tag = (text: string, name: string) => parseFilter(`hello-world:${text}`).tag(name)
  assert.ok(tag('.*', 'anything'))
  assert.ok(tag('^hello.*', 'hello-1') && !tag('^hello.*', 'say-hello'))
  assert.ok(tag('\\w*test\\w*', 'my_test_1') && !tag('\\w*test\\w*', 'tes'))
  const all = parseFilter('.*:.*')
  assert.ok(all.repository('any/repository') && all.tag('v1'))
  assert.ok(parseFilter('samples/app:v1').repository('samples/app'))
  assert.ok(!parseFilter('samples/app:v1').repository('samples/app2'))
})

test('what is no such expression, or could mean another thing, is refused in words', () => {
  const refused = (text: string, message: RegExp) =>
    assert.throws(() => parseFilter(text), { code: 'PURGE_FILTER_REFUSED', status: 400, message }, text)
  // Patterns: as regular expressions "pr-*" would match "april" and delete it.
  refused('team/app:pr-*', /for any text write "-\.\*"/)
  refused('team/*:v1', /for any text write "\/\.\*"/)
  refused('*:v1', /repeats nothing/)
  refused('a:*', /repeats nothing/)
  refused('a:v1+', /repeats "1"/)
  refused('a:\\.*', /repeats "\\\."/)
  refused('a:releases?', /repeats "s"/)
  refused('a:x{2}', /"\{" is not known/)
  refused('a:.{2}', /one sign of repetition|not known/)
  refused('a:(?=b)', /only "\(\?:"/)
  refused('a:(?i)b', /only "\(\?:"/)
  refused('a:(b', /not closed/)
  refused('a:b)', /closes nothing/)
  refused('a:[b', /not closed/)
  refused('a:[]', /empty/)
  refused('a:[z-a]', /no range/)
  refused('a:[[:alpha:]]', /form|not known/)
  refused('a:\\bb', /not known/)
  refused('a:(b)\\1', /not known/)
  refused('a:.**', /follows another/)
  for (const form of ['a', 'a:', ':a', 'a:b:c', '']) refused(form, /form/)
  refused(`a:${'b'.repeat(200)}`, /longer/)
  refused('a:b c', /not known/)
  refused('a:ä', /not known/)
})

test('the worst expression on the longest name ends at once', () => {
  const worst = parseFilter(`a:${'(.*'.repeat(30)}${')*'.repeat(30)}x$`)
  assert.equal(worst.tag('a'.repeat(128)), false)
})
