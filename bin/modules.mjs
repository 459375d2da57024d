// What parts of the house with a lockfile of their own are made with: installed where it is missing or stale.
// `bin/modules.mjs editors/vscode` installs what stands in that folder's.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readText, withLock } from './lock.mjs'
import { fail, platform } from './node26.mjs'

export const root = resolve(import.meta.dirname, '..')

/** Of files of this repository, by their paths in it. */
export function hashOf(paths) {
  const hash = createHash('sha256').update(platform)
  for (const path of paths.toSorted()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}

/** Ends this program where it fails, with what it wrote. */
export async function runIn(folder, [command, ...args]) {
  const child = spawn(command, args, { cwd: join(root, folder), stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', text => {
      output = (output + text).slice(-8000)
    })
  }
  const code = await new Promise((done, broken) => {
    child.on('error', broken)
    child.on('close', done)
  })
  if (code === 0) return
  process.stderr.write(`${output.trimEnd()}\n\n`)
  fail(`${folder} could not be made: ${command} ended with ${code} (above).`, 'Repair that, then run it again.')
}

/** `folder`: `web`, for example. Its types need what is in its lockfile, and so does building it. */
export async function installModules(folder) {
  if (!isInstalled(folder)) await withLock(root, () => installUnderLock(folder))
}

/** For who holds the lock already. */
export async function installUnderLock(folder) {
  if (isInstalled(folder)) return
  process.stderr.write(`Installing what ${folder} is built with …\n`)
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  await runIn(folder, [...npm(), ...args])
  writeFileSync(stampOf(folder), lockHash(folder))
}

const lockHash = folder => hashOf([`${folder}/package-lock.json`])
const stampOf = folder => join(root, folder, 'node_modules', '.towpath-lock')
const isInstalled = folder => readText(stampOf(folder)) === lockHash(folder)

/** The npm that called us where one did, so that nothing else is looked for. */
function npm() {
  const { npm_execpath: program } = process.env
  const given = program !== undefined && /npm-cli\.c?js$/.test(program)
  return given ? [process.execPath, program] : ['npm']
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const folder of process.argv.slice(2)) await installModules(folder)
