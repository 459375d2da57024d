import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { PROGRAM } from '../support/platform.ts'

export type Ran = { code: number; stdout: string; stderr: string }

/** A developer's machine: a home with nothing in it but a project. No server, no towpath.yaml. */
export type Machine = {
  readonly home: string
  readonly project: string
  readonly env: Readonly<Record<string, string>>
  /** Writes files below the home; values that are no text as JSON. */
  write(files: Readonly<Record<string, unknown>>): void
  run(args: readonly string[], options?: { cwd?: string; input?: string; env?: Record<string, string> }): Promise<Ran>
  git(folder: string, ...words: string[]): void
  /** All that lies in that folder becomes a commit. */
  commit(folder: string): void
  /** The same, for what has to succeed: what it wrote to stdout. */
  done(args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): Promise<string>
}

export function machine(t: Pick<TestContext, 'after'>): Machine {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'towpath-mentor-')))
  t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  const project = join(home, 'project')
  mkdirSync(project)
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    TOWPATH_MENTOR_CACHE: join(home, 'cache'),
    TOWPATH_MENTOR_STATE: join(home, 'state'),
    GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
  }
  writeFileSync(
    env.GIT_CONFIG_GLOBAL,
    // What lies on GitHub elsewhere lies below `remote` here: the mentor asks for it as it always does.
    `[user]\n\tname = Joe Doe\n\temail = joe.doe@example.org\n[url "file://${home}/remote/"]\n\tinsteadOf = https://github.com/\n`,
  )
  const git: Machine['git'] = (folder, ...words) =>
    void execFileSync('git', ['-C', join(home, folder), ...words], { env, stdio: 'pipe' })
  const run: Machine['run'] = async (args, options = {}) => {
    const cwd = options.cwd ?? project
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env: { ...env, ...options.env } })
    // A command that does not read it may have ended before it was written.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code: Number(code), stdout, stderr }
  }
  return {
    home,
    project,
    env,
    run,
    write(files) {
      for (const [path, value] of Object.entries(files)) {
        mkdirSync(dirname(join(home, path)), { recursive: true })
        writeFileSync(join(home, path), typeof value === 'string' ? value : JSON.stringify(value, null, 2))
      }
    },
    git,
    commit(folder) {
      git(folder, 'init', '--quiet', '--initial-branch=main')
      git(folder, 'add', '--all')
      git(folder, 'commit', '--quiet', '--message=work')
    },
    async done(args, options) {
      const { code, stdout, stderr } = await run(args, options)
      assert.equal(code, 0, `towpath ${args.join(' ')}: ${stderr}`)
      return stdout
    },
  }
}
