import assert from 'node:assert/strict'
import { matchesGlob } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMatcher, globFault, pathUnder } from './glob.ts'

const globMatches = (glob: string, path: string) => createMatcher([glob])(path)

test('a glob without a slash means the name anywhere, a folder all in it', () => {
  assert.ok(globMatches('*.pem', 'a/b/key.pem'))
  assert.ok(globMatches('secrets', 'deploy/secrets/prod/a.txt'))
  assert.ok(globMatches('secrets/', 'secrets/a.txt'))
  assert.ok(globMatches('src/**/*.{ts,tsx}', 'src/a/b.tsx'))
  assert.ok(globMatches('test', 'test'))
  assert.ok(!globMatches('src/*.ts', 'src/a/b.ts'))
  assert.ok(!globMatches('src/a', 'lib/src/a'))
  assert.ok(globMatches('*.env', 'deploy/.env'), 'a dot in front hides nothing')
})

test('what leads elsewhere, or is not in the language, is not taken', () => {
  const wrong = [
    '{a,{b,c}}',
    '{1..99999999}',
    '+(a|b)',
    '!(x)',
    'a\\b',
    '../x',
    '/etc/**',
    '{a,b',
    'a'.repeat(300),
    '{a,b/c}',
  ]
  for (const glob of [...wrong, '{a,b}'.repeat(7)]) assert.ok(globFault(glob), glob)
  const right = ['**/*.ts', 'src/**', '{src,lib}/**/*.{ts,tsx}', '[A-Z]*.md', '.env*']
  for (const glob of right) assert.equal(globFault(glob), undefined, glob)
})

test('agrees with what Node says of names without a dot in front', () => {
  const letters = fc.constantFrom('*', '?', 'a', 'b', '{a,b}', '[ab]', '[a-c]', '.')
  const part = fc.oneof(
    fc.constant('**'),
    fc.array(letters, { minLength: 1, maxLength: 4 }).map(all => `a${all.join('')}`),
  )
  const globs = fc.array(part, { minLength: 2, maxLength: 4 }).map(parts => parts.join('/'))
  const paths = fc
    .array(fc.stringMatching(/^a[abc.]{0,3}$/), { minLength: 1, maxLength: 4 })
    .map(parts => parts.join('/'))
  fc.assert(
    fc.property(globs, paths, (glob, path) => {
      fc.pre(globFault(glob) === undefined && !glob.endsWith('**'))
      const node = matchesGlob(path, glob) || matchesGlob(path, `${glob}/**`)
      assert.equal(globMatches(glob, path), node, `${glob} on ${path}`)
    }),
    { numRuns: 3000 },
  )
})

test('what keeps other matchers busy for minutes is answered', () => {
  const path = `${'a'.repeat(4000)}/${'aab/'.repeat(1000)}c`
  assert.ok(!globMatches(`${'*a'.repeat(120)}c`, path))
  assert.ok(!globMatches(`${'**/a*b/'.repeat(30)}z`, path))
})

test('paths under a folder, and none beside it', () => {
  assert.equal(pathUnder('/work', '/work/a/b'), 'a/b')
  assert.equal(pathUnder('/work', '/work/..a'), '..a')
  assert.equal(pathUnder('/work', '/workshop/a'), undefined)
  assert.equal(pathUnder('/work', '/a'), undefined)
  assert.equal(pathUnder('/work', '/work'), undefined)
  assert.equal(pathUnder('/', '/a'), 'a')
})
