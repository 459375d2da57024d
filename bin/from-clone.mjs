#!/usr/bin/env node
// `npm start` and `npm test` in a fresh clone: installs what package-lock.json names, once, then runs
// the given script with the Node 26 that came with it.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readText, withLock } from './lock.mjs'
import { become, fail, findNode26, NODE_MAJOR, nodePackage, platform } from './node26.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.towpath-lock')

function wantedStamp() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  // The platform too: a folder shared with a container or another machine holds the wrong binaries.
  return createHash('sha256').update(lock).update(platform).digest('hex')
}

function isInstalled() {
  return readText(stampFile) === wantedStamp() && findNode26(join(root, 'package.json')) !== undefined
}

/** True where somebody ran `npm ci` or `npm install` by hand: what npm says it installed is what the lock names. */
function npmInstalledIt() {
  const installed = readText(join(modules, '.package-lock.json'))
  if (installed === undefined || findNode26(join(root, 'package.json')) === undefined) return false
  const have = JSON.parse(installed).packages
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(want).every(([path, entry]) => {
    if (path === '') return true
    // Optional ones are for other platforms, or npm would have told; the bundled Node was looked for above.
    if (entry.optional === true || entry.devOptional === true) return true
    const held = have[path]
    if (held === undefined) return false
    return held.version === entry.version && held.integrity === entry.integrity && existsSync(join(root, path))
  })
}

/** npm as it was called: with the Node that runs npm, not the one inside node_modules that is about to be replaced. */
function npm(args) {
  const path = process.env.npm_execpath
  const node = process.env.npm_node_execpath
  if (path !== undefined && /npm-cli\.c?js$/.test(path) && node !== undefined && !node.startsWith(modules)) {
    return spawn(node, [path, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  }
  return spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function install() {
  const first = readText(stampFile) === undefined
  process.stderr.write(
    first
      ? 'Installing dependencies from the npm registry (first run only) …\n'
      : 'Installing dependencies again: package-lock.json has changed …\n',
  )
  const started = Date.now()
  // Development tools too: `npm test` needs them, and a production environment must not drop them.
  const child = npm(['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'])
  let output = ''
  const keep = chunk => {
    if (output.length < 8000) output += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const stop = signal => {
    child.kill(signal)
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const ticking = setInterval(() => {
    process.stderr.write(`  … ${Math.round((Date.now() - started) / 1000)} s\n`)
  }, 15_000)
  const code = await new Promise(done => {
    child.on('error', error => {
      keep(`${error.message}\n`)
      done(1)
    })
    child.on('close', done)
  })
  clearInterval(ticking)
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  if (code !== 0) explain(output)
  if (findNode26(join(root, 'package.json')) === undefined) {
    fail(
      `npm installed no Node ${NODE_MAJOR} for ${platform} (package ${nodePackage}).`,
      'Run `npm ci --include=optional`.',
    )
  }
  writeFileSync(stampFile, wantedStamp())
  process.stderr.write(`Installed in ${Math.max(1, Math.round((Date.now() - started) / 1000))} s.\n`)
}

function explain(output) {
  const lines = output.split('\n').filter(line => !/^(npm (error|warn))?\s*$/.test(line))
  process.stderr.write(`${lines.slice(0, 12).join('\n')}\n\n`)
  if (/EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ENOTCACHED/.test(output)) {
    fail(
      'the npm registry can not be reached, and the first run needs it.',
      'Connect this machine, or name a mirror: npm config set registry https://…  Then run the same command again.',
    )
  }
  if (/ENOENT/.test(output) && /npm/.test(output) && /spawn/.test(output)) {
    fail('npm was not found.', 'Install Node 20.19 or later with npm 10 or later.')
  }
  if (/EUSAGE|can only install packages when your package\.json and package-lock\.json/.test(output)) {
    fail('package.json and package-lock.json disagree.', 'Run `npm install` with Node 26 in front of PATH.')
  }
  fail('npm could not install the dependencies (above).', 'Repair that, then run the same command again.')
}

const [script, ...args] = process.argv.slice(2)
if (script === undefined)
  fail('from-clone.mjs needs a script to run.', 'For example: node bin/from-clone.mjs bin/towpath.mjs up')
if (nodePackage === undefined) {
  fail(
    `there is no bundled Node ${NODE_MAJOR} for ${platform}.`,
    'Linux on x64 or arm64 and macOS on arm64 are supported.',
  )
}
if (!isInstalled()) {
  await withLock(root, async () => {
    if (isInstalled()) return
    if (npmInstalledIt()) writeFileSync(stampFile, wantedStamp())
    else await install()
  })
}

const program = resolve(root, script)
if (!existsSync(program)) fail(`${program} does not exist.`, 'Check the name, or get the file back from Git.')
const node = findNode26(join(root, 'package.json'))
if (process.execPath === node) {
  // Already the right Node (npm puts node_modules/.bin first): no second process.
  process.argv = [process.execPath, program, ...args]
  await import(pathToFileURL(program).href)
} else {
  become(node, [program, ...args])
}
