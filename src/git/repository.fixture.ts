import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

export type Files = Readonly<Record<string, string | Uint8Array>>

export type TestRepository = {
  readonly dir: string
  write(files: Files): void
  /** Everything in the work tree; returns the commit. */
  commit(message?: string): string
  git(...args: string[]): string
}

const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
}

export function tempDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-git-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A git repository on the branch `main`; with files, they are its first commit. Gone after the test. */
export function testRepository(t: TestContext, files?: Files): TestRepository {
  const dir = tempDir(t)
  const git = (...args: string[]) => execFileSync('git', ['-C', dir, ...args], { env: ENVIRONMENT, encoding: 'utf8' })
  git('init', '--quiet', '--initial-branch=main')
  const write = (changed: Files) => {
    for (const [path, content] of Object.entries(changed)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), content)
    }
  }
  const commit = (message = 'Change') => {
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', message)
    return git('rev-parse', 'HEAD').trim()
  }
  if (files) {
    write(files)
    commit('Begin')
  }
  return { dir, write, commit, git }
}
