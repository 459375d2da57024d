import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { towpathDone } from '../support/command.ts'
import { type Platform, PROGRAM, startPlatform } from '../support/platform.ts'

// Tabs in real shells at a terminal. The line that was completed is run: `say` writes down the words that it was given, so
// that a name that a shell would evaluate shows itself.

let platform: Platform
let dir: string
/** Answers what a server of ours never would. */
let liar: Server
let lies: unknown = { registries: [] }
let silent = false

before(async () => {
  platform = await startPlatform()
  dir = await mkdtemp(join(tmpdir(), 'towpath-completion-'))
  await writeFile(join(dir, 'towpath'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`, { mode: 0o755 })
  await writeFile(join(dir, 'say'), `#!/bin/sh\nfor word; do printf '<%s>' "$word"; done >"${dir}/said"\n`, {
    mode: 0o755,
  })
  const hook = ['--uri', 'https://ci.example/hook', '--actions', 'push']
  await towpathDone(platform, ['webhook', 'create', 'buildhook', ...hook])
  await towpathDone(platform, ['registry', 'create', 'elsewhere'])
  await towpathDone(platform, ['webhook', 'create', 'chathook', '-r', 'elsewhere', ...hook])
  await towpathDone(platform, ['oci', 'push', join(dir, 'say'), `${platform.registry}/team/app:v1`])
  liar = createServer((_, response) => {
    if (!silent) response.setHeader('content-type', 'application/json').end(JSON.stringify(lies))
  })
  liar.listen(0, '127.0.0.1')
  await once(liar, 'listening')
})
after(async () => {
  liar?.closeAllConnections()
  liar?.close()
  await platform?.stop()
  if (dir) await rm(dir, { recursive: true, force: true })
})

const SHELLS = {
  bash: {
    start: ['bash', '--norc', '--noprofile', '-i'],
    prepare: 'source <(towpath completion bash); complete -o default -F _towpath say; bind "set bell-style none"',
  },
  zsh: {
    start: ['zsh', '-f', '-i'],
    prepare:
      'autoload -Uz compinit; compinit -u -D; source <(towpath completion zsh); compdef _towpath say; unsetopt beep',
  },
  fish: {
    start: ['fish', '--no-config', '-i'],
    prepare: "towpath completion fish | source; complete -c say -f -a '(__towpath_complete)'",
  },
} as const
type Shell = keyof typeof SHELLS

/** Types `line` at a terminal, tabs and all, runs it, and gives what `say` was given. */
async function typed(shell: Shell, line: string, env: Record<string, string> = {}): Promise<string> {
  const said = join(dir, 'said')
  const [program, ...flags] = SHELLS[shell].start
  const quoted = [program, ...flags].join(' ')
  const child = spawn('script', ['-qfec', quoted, '/dev/null'], {
    cwd: dir,
    env: {
      ...platform.env,
      ...{ PATH: `${dir}:${process.env.PATH}`, HOME: dir, TERM: 'dumb', PS1: '$ ', TOWPATH_SERVER: platform.control },
      ...{ TOWPATH_PASSWORD: platform.adminPassword, TOWPATH_REGISTRY: platform.registry, ...env },
    },
  })
  let screen = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (screen += chunk))
  const closed = once(child, 'close')
  await rm(said, { force: true })
  child.stdin.write(`${SHELLS[shell].prepare}; echo pre''pared\n`)
  await until(
    () => /^prepared/m.test(screen),
    () => screen,
  )
  child.stdin.write(line)
  child.stdin.write('\r')
  await until(
    () => existsSync(said),
    () => screen,
  )
  child.stdin.end('exit\n')
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await closed
  clearTimeout(late)
  return readFile(said, 'utf8')
}

async function until(holds: () => boolean, why: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (holds()) return
    await new Promise(done => setTimeout(done, 50))
  }
  assert.fail(`It did not come to that:\n${why()}`)
}

/** A busy machine may be later than a tab waits: then the shell is told nothing, and the next tab tells. */
async function gives(words: string, ...asked: Parameters<typeof typed>): Promise<void> {
  let last = ''
  for (let tries = 0; tries < 10 && last !== words; tries++) last = await typed(...asked)
  assert.equal(last, words)
}

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  test(`${shell} completes commands, options, choices and names`, async () => {
    await gives('<webhook><show><--output><json>', shell, 'say webh\tsho\t--outp\tjs\t')
    await gives('<webhook><show><buildhook>', shell, 'say webhook show bu\t')
    await gives('<webhook><show><-r><elsewhere><chathook>', shell, 'say webhook show -r else\tch\t')
    await gives('<registry><delete><--output=json><elsewhere>', shell, 'say registry delete --output=js\telse\t')
    await gives('<repository><show><--repository><team/app>', shell, 'say repository show --repository te\t')
    await gives('<webhook><ping><--region><home>', shell, 'say webhook ping --region ho\t')
  })

  test(`${shell} takes names of a server as words, whatever they hold`, async () => {
    const env = { TOWPATH_SERVER: `http://127.0.0.1:${(liar.address() as AddressInfo).port}` }
    for (const name of [
      'x$(touch evaluated)',
      'x`touch evaluated`',
      'x; touch evaluated #',
      'x\'"; touch evaluated; \'"',
      'x&touch evaluated&',
      'x>evaluated',
      'x y\\z*',
    ]) {
      lies = { registries: [{ name }] }
      await gives(`<registry><delete><${name}>`, shell, 'say registry delete x\t', env)
      assert.ok(!existsSync(join(dir, 'evaluated')), name)
    }
    lies = { registries: [{ name: 'x:y=z' }] }
    for (const start of ['x', 'x:', 'x:y', 'x:y=']) {
      await gives('<registry><delete><x:y=z>', shell, `say registry delete ${start}\t`, env)
    }
    lies = {
      registries: [{ name: 'x\ntouch evaluated' }, { name: 'x\u001b]0;title\u0007' }, { name: 'x\ty' }, { name: 7 }],
    }
    await gives('<registry><delete><x>', shell, 'say registry delete x\t', env)
  })

  test(`${shell} is told nothing where nobody answers in time`, async () => {
    silent = true
    const env = { TOWPATH_SERVER: `http://127.0.0.1:${(liar.address() as AddressInfo).port}` }
    assert.equal(await typed(shell, 'say registry delete x\t', env), '<registry><delete><x>')
    silent = false
    assert.equal(
      await typed(shell, 'say registry delete x\t', { TOWPATH_SERVER: 'http://127.0.0.1:1' }),
      '<registry><delete><x>',
    )
    assert.equal(await typed(shell, 'say webhook show x\t', { TOWPATH_PASSWORD: 'wrong' }), '<webhook><show><x>')
  })
}
