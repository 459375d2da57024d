// `npm run test:peers [name …]`: journeys with real clients against real processes. With names: only the files whose
// path holds one of them, those of test/nightly too. Other people's clients and editors go one after the other, and beside
// them what needs a browser or kills: each waits for more than it works, and two cores have time for both.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'

const root = resolve(import.meta.dirname, '../..')
const wanted = process.argv.slice(2)
const folders = wanted.length === 0 ? 'peers,faults,browser,editors' : 'peers,faults,browser,editors,nightly'
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

/** Says what it does as it goes, or all of it at its end. */
async function inTurn(lane: readonly string[], live: boolean): Promise<boolean> {
  if (lane.length === 0) return true
  const child = spawn(process.execPath, [...flags, ...lane], {
    cwd: root,
    stdio: ['ignore', live ? 'inherit' : 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  if (child.stdout) process.stdout.write(await text(child.stdout))
  const [code] = await exit
  return code === 0
}

const isClient = (file: string) => file.startsWith('test/peers/') || file.startsWith('test/editors/')
const clients = files.filter(isClient)
const others = files.filter(file => !isClient(file))
const passed = await Promise.all([inTurn(clients, true), inTurn(others, clients.length === 0)])
if (existsSync(summaries)) {
  for (const name of readdirSync(summaries).sort()) process.stdout.write(readFileSync(resolve(summaries, name), 'utf8'))
}
process.exitCode = passed.every(Boolean) ? 0 : 1
