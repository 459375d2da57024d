import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readAuthorities } from './authorities.ts'
import { selfSigned } from './certificate.fixture.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-authorities-'))
after(() => rmSync(dir, { recursive: true, force: true }))

function written(text: string): string {
  const path = join(dir, 'ca.pem')
  writeFileSync(path, text)
  return path
}

test('every certificate of a bundle is read, with comments between them', () => {
  const [a, b] = [selfSigned('a').cert, selfSigned('b').cert]
  const found = readAuthorities(written(`# a\n${a}\n# b\n${b}`))
  assert.deepEqual(found, [a.trimEnd(), b.trimEnd()])
})

test('what is no bundle is said to', () => {
  const damaged = selfSigned('a').cert.replace(/\n[^\n]{20}/, '\nAAAAAAAAAAAAAAAAAAAA')
  const refused = [
    [written('no certificate'), /holds no certificate/],
    [join(dir, 'none.pem'), /cannot be read \(ENOENT\)/],
    [dir, /cannot be read \(EISDIR\)/],
  ] as const
  for (const [path, says] of refused) assert.throws(() => readAuthorities(path), says)
  assert.throws(() => readAuthorities(written(damaged)), /damaged/)
  assert.throws(() => readAuthorities(written('x'.repeat(1024 * 1024 + 1))), /larger than 1 MiB/)
})
