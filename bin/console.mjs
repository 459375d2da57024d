// The console out of its sources: installs what web/package-lock.json names and builds into dist/web, each only where
// it is missing or stale. Run by Node 26 (from-clone.mjs): `bin/console.mjs` builds, `bin/console.mjs up` then starts too.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readText, withLock } from './lock.mjs'
import { fail, platform } from './node26.mjs'

const root = resolve(import.meta.dirname, '..')
const web = join(root, 'web')
const built = join(root, 'dist', 'web')
const modulesStamp = join(web, 'node_modules', '.towpath-lock')
const builtStamp = join(built, '.sources')

function hashOf(paths) {
  const hash = createHash('sha256').update(platform)
  for (const path of paths.toSorted()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  }
  return hash.digest('hex')
}

const lockHash = () => hashOf(['web/package-lock.json'])

/** All that the page is made of. Of src/api only types, but those say whether it still fits. */
function sourcesHash() {
  const own = globSync('web/{*.{json,html,ts},{src,build,public}/**/*}', { cwd: root, withFileTypes: true })
  const shared = globSync('src/api/**/*.ts', { cwd: root, withFileTypes: true })
  const files = [...own, ...shared].filter(entry => entry.isFile())
  return hashOf(files.map(entry => join(entry.parentPath, entry.name).slice(root.length + 1)))
}

/** @returns {Promise<void>} Ends this program where it fails, with what it wrote. */
async function run(command, args) {
  const child = spawn(command, args, { cwd: web, stdio: ['ignore', 'pipe', 'pipe'] })
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
  fail(`the console could not be made: ${command} ended with ${code} (above).`, 'Repair that, then run it again.')
}

/** The npm that called us where one did, so that nothing else is looked for. */
function npm(args) {
  const { npm_execpath: program } = process.env
  const given = program !== undefined && /npm-cli\.c?js$/.test(program)
  return given ? run(process.execPath, [program, ...args]) : run('npm', args)
}

const isInstalled = () => readText(modulesStamp) === lockHash()

/** Types and lint of web/ need it too. */
export async function installConsole() {
  if (!isInstalled()) await withLock(root, install)
}

async function install() {
  if (isInstalled()) return
  process.stderr.write('Installing what the console is built with …\n')
  await npm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(modulesStamp, lockHash())
}

const isBuilt = () => readText(builtStamp) === sourcesHash()

async function buildConsole() {
  if (!isBuilt()) await withLock(root, build)
}

async function build() {
  if (isBuilt()) return
  await install()
  const started = Date.now()
  process.stderr.write('Building the console …\n')
  const sources = sourcesHash()
  // Beside, then moved: whoever starts meanwhile finds the old one or none, never a part.
  const fresh = join(root, 'dist', '.web')
  await run(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', fresh])
  writeFileSync(join(fresh, '.sources'), sources)
  rmSync(built, { recursive: true, force: true })
  renameSync(fresh, built)
  process.stderr.write(`Built in ${Math.max(1, Math.round((Date.now() - started) / 1000))} s.\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildConsole()
  const args = process.argv.slice(2)
  if (args.length > 0) {
    process.argv = [process.execPath, join(import.meta.dirname, 'towpath.mjs'), ...args]
    await import('./towpath.mjs')
  }
}
