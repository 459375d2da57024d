import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Failure, silentLog, systemClock } from '../kernel/index.ts'
import { createSupervisor, type ProcessSpec } from './supervisor.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-supervisor-'))
after(() => rmSync(dir, { recursive: true }))
const program = join(dir, 'child.mjs')
const order = join(dir, 'order')
writeFileSync(
  program,
  `import { appendFileSync } from 'node:fs'
const [mode, name] = process.argv.slice(2)
const note = text => appendFileSync(${JSON.stringify(order)}, text + '\\n')
if (mode === 'broken') process.exit(4)
note('start ' + name)
process.on('SIGINT', () => {})
process.on('message', m => { if (m.type === 'stop' && mode !== 'deaf') { note('stop ' + name); process.exit(0) } })
process.on('disconnect', () => process.exit(0))
setTimeout(() => process.send({ type: 'ready' }), 20)`,
)

const clock = systemClock('test')
const spec = (mode: string, name: string, stage: number): ProcessSpec => ({
  name,
  role: 'region',
  args: [mode, name],
  stage,
  deadline: mode === 'deaf' ? 50 : 5000,
  env: process.env,
})
const create = (...specs: ProcessSpec[]) =>
  createSupervisor({ program, specs, clock, log: silentLog(), onPassword: () => {} })

async function until(what: () => boolean): Promise<void> {
  while (!what()) await clock.sleep(5)
}

test('stages start in order and stop in the opposite one', async () => {
  writeFileSync(order, '')
  const supervisor = create(spec('good', 'node', 1), spec('good', 'writer', 0))
  await supervisor.start()
  await supervisor.stop()
  assert.deepEqual(readFileSync(order, 'utf8').trim().split('\n'), [
    'start writer',
    'start node',
    'stop node',
    'stop writer',
  ])
  assert.deepEqual(
    supervisor.states().map(one => one.state),
    ['stopped', 'stopped'],
  )
})

test('a process that is killed comes back, and the count says so', async () => {
  const supervisor = create(spec('good', 'node', 0))
  await supervisor.start()
  const [before] = supervisor.states()
  assert.ok(before?.pid)
  process.kill(before.pid, 'SIGKILL')
  await until(() => supervisor.states()[0]?.restarts === 1 && supervisor.states()[0]?.state === 'ready')
  const [now] = supervisor.states()
  assert.notEqual(now?.pid, before.pid)
  assert.equal(now?.lastEnd, 'SIGKILL')
  await supervisor.stop()
})

test('a process that can not run fails the start', async () => {
  const supervisor = create(spec('broken', 'node', 0), spec('good', 'later', 1))
  await assert.rejects(
    supervisor.start(),
    (error: unknown) => error instanceof Failure && error.code === 'PROCESS_FAILED' && error.message.includes('exit 4'),
  )
  await supervisor.stop()
})

test('one that does not stop in time is killed', async () => {
  const supervisor = create(spec('deaf', 'node', 0))
  await supervisor.start()
  const pid = supervisor.states()[0]?.pid ?? 0
  await supervisor.stop()
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
