import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

/** A repository in which somebody works, with a golden team beside it. */
export type Work = {
  readonly folder: string
  /** For the server: caches and state of its own. */
  readonly env: Readonly<Record<string, string>>
  /** Describes the golden repositories for a server that has them in memory. */
  readonly golden: string
  file(path: string): string
  write(path: string, text: string): string
  git(...args: string[]): void
}

const COMMIT = 'c'.repeat(40)
const TEAM = ['team/orders', 'team/billing'] as const

/** Only what is said of errors: what else the team agrees on would fill the three places of a file. */
const NORMS = {
  off: ['naming', 'layout', 'imports', 'tests', 'docs', 'logging', 'async', 'apis'].map(one => `${one}/*`),
}

export const CONFIG = {
  name: 'shop',
  version: '1.0.0',
  repositories: [...TEAM],
  norms: NORMS,
  hints: { pause: 100 },
}

export function setUpWork(t: Pick<TestContext, 'after'>, config: object = CONFIG): Work {
  const base = mkdtempSync(join(tmpdir(), 'mentor-'))
  t.after(() => rmSync(base, { recursive: true, force: true, maxRetries: 3 }))
  const folder = join(base, 'shop')
  mkdirSync(folder)
  const write = (path: string, text: string) => {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=Joe', '-c', 'user.email=joe@example.test', '-c', 'commit.gpgsign=false']
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'pipe' })
  }
  write('archangel.json', `${JSON.stringify(config, null, 2)}\n`)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('commit', '--quiet', '--message=Begin')
  const golden = join(base, 'golden.json')
  writeFileSync(golden, JSON.stringify(goldenTeam()))
  const env = { TOWPATH_MENTOR_CACHE: join(base, 'cache'), TOWPATH_MENTOR_STATE: join(base, 'state') }
  return { folder, env, golden, write, git, file: path => join(folder, path) }
}

/** Two repositories that agree: whoever catches an error passes it on with what happened. */
export function goldenTeam(): Record<string, { commit: string; files: Record<string, string> }[]> {
  return Object.fromEntries(TEAM.map(name => [name, [{ commit: COMMIT, files: filesOf(name) }]]))
}

function filesOf(repository: string): Record<string, string> {
  const noun = repository.endsWith('orders') ? 'Order' : 'Invoice'
  return Object.fromEntries(
    ['read', 'write', 'send', 'remove', 'close'].map(verb => [
      `src/${verb}-${noun.toLowerCase()}.ts`,
      ['', 'Draft', 'Copy', 'List'].map(kind => unitOf(verb, `${noun}${kind}`)).join('\n'),
    ]),
  )
}

function unitOf(verb: string, noun: string): string {
  return `/** Asks the store to ${verb} it; what fails is passed on with its cause. */
export async function ${verb}${noun}(id: string): Promise<void> {
  try {
    await store.${verb}(id)
  } catch (error) {
    throw new Error(\`Could not ${verb} \${id}\`, { cause: error })
  }
}
`
}
