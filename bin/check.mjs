// `npm test`: types, lint, dead code, the rules of the house and the tests that need Node and npm alone.
// With paths (`npm test -- src/identity`): only the tests in them.
import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { installModules } from './modules.mjs'

const root = resolve(import.meta.dirname, '..')
const cache = join(root, 'node_modules', '.cache', 'towpath')
const tools = join(root, 'node_modules', '.bin')

// Each must hold at least one test: a folder that was moved away must not pass in silence.
const TESTS = [
  'house',
  'src',
  'web/src',
  'editors/vscode/src',
  'editors/vscode/page',
  'test/simulation',
  'test/platform',
  'test/backup',
  'test/mentor',
]

const checks = [
  ['types', 'tsc', ['-p', '.']],
  ['types of the console', 'tsc', ['-p', 'web']],
  ['types of the VS Code extension', 'tsc', ['-p', 'editors/vscode']],
  ['lint and format', 'biome', ['check', '--diagnostic-level=warn', '--error-on-warnings', '.']],
  ['dead code', 'knip', ['--no-progress']],
]

/** @returns {Promise<{ code: number, output: string, seconds: string }>} */
function run(command, args, env = {}) {
  const from = performance.now()
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NODE_COMPILE_CACHE: join(cache, 'compiled'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', text => {
        output += text
      })
    }
    child.on('error', fail)
    child.on('close', (code, signal) => {
      const seconds = ((performance.now() - from) / 1000).toFixed(1)
      done({ code: code ?? 1, output: signal === null ? output : `${output}\nended by ${signal}`, seconds })
    })
  })
}

function report(name, { code, output, seconds }) {
  console.log(`${code === 0 ? '✔' : '✖'} ${name} (${seconds} s)`)
  if (code !== 0) console.log(output.trimEnd())
  return code === 0
}

function testFiles(places) {
  const empty = []
  const files = places.flatMap(place => {
    const found = place.endsWith('.test.ts') ? [place] : globSync(`${place}/**/*.test.ts`, { cwd: root }).sort()
    if (found.length === 0) empty.push(place)
    return found
  })
  if (empty.length > 0) console.log(`✖ no tests in ${empty.join(', ')}`)
  return { files, complete: empty.length === 0 }
}

/** What failed, then the counts. */
async function runTests(places) {
  const { files, complete } = testFiles(places)
  if (files.length === 0) return false
  const summary = join(cache, `tests-${process.pid}.txt`)
  const reporters = [
    ...['--test-reporter=dot', '--test-reporter-destination=stdout'],
    ...['--test-reporter=spec', `--test-reporter-destination=${summary}`],
  ]
  // One file a process; Node's own default leaves a core idle.
  const limits = [`--test-concurrency=${availableParallelism()}`, '--test-timeout=180000']
  const { code, output, seconds } = await run(process.execPath, ['--test', ...limits, ...reporters, ...files])
  const text = readFileSync(summary, 'utf8')
  rmSync(summary)
  const counts = text.search(/^ℹ tests /m)
  if (counts === -1) {
    console.log(output.trimEnd())
    console.log('✖ tests: the runner gave no summary')
    return false
  }
  // The runner puts what failed after the counts; at the end of a long log the counts are what one looks for.
  const [sums = '', failed] = text.slice(counts).split(/\n(?=✖ failing tests:)/)
  if (failed !== undefined) console.log(failed.trimEnd())
  console.log(`${code === 0 ? '✔' : '✖'} tests, ${files.length} files (${seconds} s)`)
  console.log(sums.trimEnd())
  return complete && code === 0
}

async function main(places) {
  mkdirSync(cache, { recursive: true })
  const path = { PATH: `${tools}:${process.env.PATH}` }
  let good = true
  const all = places.length === 0
  // Its tests load the client's own packages.
  if (all || places.some(place => place.startsWith('editors'))) await installModules('editors/vscode')
  if (all) {
    await installModules('web')
    const running = checks.map(async ([name, command, args]) =>
      report(name, await run(join(tools, command), args, path)),
    )
    good = (await Promise.all(running)).every(Boolean)
  }
  return (await runTests(all ? TESTS : places)) && good
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
