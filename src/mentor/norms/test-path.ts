import { basename, dirname } from 'node:path/posix'
import type { Language } from '../parse/language.ts'

const FOLDERS =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|spec|specs|testing|testdata|fixtures|e2e|integration|src\/test)(?:\/|$)/i
const NAMES: Readonly<Record<Language, RegExp>> = {
  typescript: /[.\-_](?:test|spec|bench|e2e|fixture|test-d)\.[cm]?[jt]sx?$/,
  tsx: /[.\-_](?:test|spec|bench|e2e|fixture|test-d)\.[cm]?[jt]sx?$/,
  javascript: /[.\-_](?:test|spec|bench|e2e|fixture)\.[cm]?[jt]sx?$|^test\.[cm]?js$/,
  python: /^(?:test_.*|.*_test|tests?|conftest)\.py$/,
  go: /_test\.go$/,
  csharp: /\wTests?\.cs$/,
  java: /(?:^Test\w*|(?:Tests?|IT|TestCase))\.java$/,
}

/** Whether a file is of the tests by its path: sources and tests have habits of their own. */
export function isTestPath(path: string, language: Language): boolean {
  if (NAMES[language].test(basename(path))) return true
  return FOLDERS.test(dirname(path)) || (language === 'csharp' && /(?:^|\/)[^/]*\.?Tests?\//.test(path))
}
