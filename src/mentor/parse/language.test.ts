import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf } from './language.ts'

test('a language is told by the name of the file', () => {
  assert.equal(languageOf('src/a.test.ts'), 'typescript')
  assert.equal(languageOf('web/page.tsx'), 'tsx')
  assert.equal(languageOf('bin/run.mjs'), 'javascript')
  assert.equal(languageOf('pkg/__init__.py'), 'python')
  assert.equal(languageOf('cmd/main.go'), 'go')
  assert.equal(languageOf('src/Startup.cs'), 'csharp')
  assert.equal(languageOf('src/main/java/A.java'), 'java')
  assert.equal(languageOf('README.md'), undefined)
  assert.equal(languageOf('ts'), undefined)
})
