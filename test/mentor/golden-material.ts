// The golden repositories of the benches and journeys: sources of npm packages, wheels, Go modules and Debian packages, each at a
// pinned version, as git repositories under test/.mentor. Run alone, it brings them all and prints what is there:
//   node_modules/.bin/node test/mentor/golden-material.ts [language or name …]
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { run } from '../peers/support/process.ts'
import { bringSources } from './bring-sources.ts'
import { type GoldenLanguage, type GoldenPin, goldenPins } from './golden-list.ts'

export type GoldenRepository = {
  readonly name: string
  readonly language: GoldenLanguage
  readonly version: string
  /** A git repository with one commit. */
  readonly dir: string
  readonly commit: string
  /** How many files of each kind of code. */
  readonly code: Readonly<Record<string, number>>
  readonly bytes: number
}

const home = process.env.TOWPATH_TEST_MENTOR ?? resolve(import.meta.dirname, '../.mentor')
const CODE = /\.(ts|tsx|mts|cts|js|jsx|mjs|cjs|py|go|java|cs)$/
/** What would change how git reads the rest, or hide some of it. */
const GIT_FILES = new Set(['.git', '.gitattributes', '.gitignore', '.gitmodules'])
/** One moment and one author: the same sources are the same commit on every machine. */
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Golden',
  GIT_AUTHOR_EMAIL: 'golden@example.com',
  GIT_AUTHOR_DATE: '2026-11-25T00:00:00Z',
  GIT_COMMITTER_NAME: 'Golden',
  GIT_COMMITTER_EMAIL: 'golden@example.com',
  GIT_COMMITTER_DATE: '2026-11-25T00:00:00Z',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
}

/** Those of the given names or languages, or all; brought where they aren't here yet. */
export async function goldenMaterial(...wanted: readonly string[]): Promise<GoldenRepository[]> {
  const isWanted = ({ name, language }: GoldenPin) =>
    wanted.length === 0 || wanted.includes(name) || wanted.includes(language)
  const brought: GoldenRepository[] = []
  for (const pin of goldenPins.filter(isWanted)) brought.push(await bring(pin))
  return brought
}

async function bring(pin: GoldenPin): Promise<GoldenRepository> {
  const key = createHash('sha256').update(JSON.stringify(pin)).digest('hex').slice(0, 12)
  const dir = join(home, 'golden', `${pin.name.replace('/', '-')}-${key}`)
  const facts = join(dir, '.git', 'golden.json')
  if (!existsSync(facts)) {
    const draft = join(home, `draft-${process.pid}-${key}`)
    await make(pin, draft)
    mkdirSync(join(home, 'golden'), { recursive: true })
    // Somebody else may have been faster: theirs is the same.
    if (!existsSync(facts)) renameSync(join(draft, 'tree'), dir)
    rmSync(draft, { recursive: true, force: true })
  }
  const { name, language, version } = pin
  return { name, language, version, dir, ...JSON.parse(readFileSync(facts, 'utf8')) }
}

async function make(pin: GoldenPin, draft: string): Promise<void> {
  const tree = join(draft, 'tree')
  rmSync(draft, { recursive: true, force: true })
  await bringSources(pin.origin, { version: pin.version, scratch: join(draft, 'scratch'), into: tree })
  for (const name of readdirSync(tree)) {
    if (pin.take && !pin.take.includes(name)) rmSync(join(tree, name), { recursive: true })
  }
  const files = readdirSync(tree, { recursive: true, withFileTypes: true })
  for (const { parentPath, name } of files) {
    if (GIT_FILES.has(name)) rmSync(join(parentPath, name), { recursive: true, force: true })
  }
  const env = { ...process.env, ...IDENTITY }
  const git = (...args: string[]) => run('git', ['-C', tree, '-c', 'core.autocrlf=false', ...args], { env })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', `${pin.name} ${pin.version}`)
  const commit = (await git('rev-parse', 'HEAD')).trim()
  const code: Record<string, number> = {}
  let bytes = 0
  for (const line of (await git('ls-tree', '-r', '-l', '-z', 'HEAD')).split('\0')) {
    const [, size = '0', path = ''] = /^\S+ \S+ \S+ +(\S+)\t(.*)$/s.exec(line) ?? []
    const [, ending] = CODE.exec(path) ?? []
    if (ending === undefined) continue
    code[ending] = (code[ending] ?? 0) + 1
    bytes += Number(size)
  }
  writeFileSync(join(tree, '.git', 'golden.json'), JSON.stringify({ commit, code, bytes }))
}

function row({ name, version, commit, code, bytes }: GoldenRepository): string {
  const kinds = Object.entries(code).sort(([, a], [, b]) => b - a)
  const files = kinds.map(([ending, count]) => `${count} ${ending}`).join(', ')
  return `| ${name} | ${version} | ${commit.slice(0, 12)} | ${files} | ${(bytes / 1e6).toFixed(1)} MB |`
}

if (process.argv[1] === import.meta.filename) {
  let files = 0
  console.log('| repository | version | commit | code files | code |\n|---|---|---|---|---|')
  for (const brought of await goldenMaterial(...process.argv.slice(2))) {
    files += Object.values(brought.code).reduce((sum, count) => sum + count, 0)
    console.log(row(brought))
  }
  console.log(`\n${files} code files under ${home}`)
}
