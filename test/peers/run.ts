// `npm run test:peers [name …]`: journeys with real clients against real processes, one file after the
// other. With names: only the files whose path holds one of them, those of test/nightly too.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const wanted = process.argv.slice(2)
const folders = wanted.length === 0 ? 'peers,faults,browser' : 'peers,faults,browser,nightly'
const files = globSync(`test/{${folders}}/*.test.ts`, { cwd: root })
  .filter(file => wanted.length === 0 || wanted.some(name => file.includes(name)))
  .sort()
if (files.length === 0) throw new Error(`No peer journey has ${wanted.join(' or ')} in its name`)

const summaries = resolve(root, 'test/.peers/summary')
rmSync(summaries, { recursive: true, force: true })
// The long form of the fault journey (npm run test:long) takes 2 to 5 s a kill; that of the soak its time and a third more.
const { TOWPATH_FAULT_KILLS: kills = 0, TOWPATH_SOAK_SECONDS: soak = 0 } = process.env
const limit = 1_200_000 + Number(kills) * 10_000 + Number(soak) * 2000
const flags = ['--test', '--test-concurrency=1', '--test-reporter=spec', `--test-timeout=${limit}`]
const { status } = spawnSync(process.execPath, [...flags, ...files], { cwd: root, stdio: 'inherit' })
if (existsSync(summaries)) {
  for (const name of readdirSync(summaries).sort()) process.stdout.write(readFileSync(resolve(summaries, name), 'utf8'))
}
process.exitCode = status ?? 1
