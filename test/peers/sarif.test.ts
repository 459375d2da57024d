import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { z } from 'zod'
import { checkedOf, finding, GOLDEN_SOURCE, NORM } from '../../src/mentor/check/check.fixture.ts'
import { toSarif } from '../../src/mentor/index.ts'
import { npmPeer } from './support/npm-peer.ts'
import { run } from './support/process.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-sarif-'))
after(() => rmSync(dir, { recursive: true, force: true }))

const results = z.object({
  runs: z.array(
    z.object({
      results: z.array(z.object({ ruleId: z.string(), message: z.object({ id: z.string().optional() }) })).default([]),
    }),
  ),
})

/** What Microsoft's own tool says of a log: the schema, and rules beyond it, GitHub's among them. */
async function validate(log: unknown): Promise<string[]> {
  const tool = await npmPeer('@microsoft/sarif-multitool-linux', '5.7.0', 'Sarif.Multitool')
  chmodSync(tool, 0o755)
  const [given, said] = [join(dir, 'given.sarif'), join(dir, 'said.sarif')]
  writeFileSync(given, JSON.stringify(log))
  const args = ['validate', given, '--output', said, '--log', 'ForceOverwrite', '--rule-kind', 'Sarif;Gh']
  // It ends with 1 where it finds an error, and says in its own log which.
  await run(tool, args, { env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } }).catch(error => {
    if (!existsSync(said)) throw error
  })
  const found = results.parse(JSON.parse(readFileSync(said, 'utf8'))).runs.flatMap(one => one.results)
  rmSync(said)
  return found.map(({ ruleId, message }) => `${ruleId} ${message.id}`)
}

const golden = [GOLDEN_SOURCE]
const mute = { norm: 'errors/*', reason: 'generated code', folder: '/work' }
const checked = checkedOf([finding(), finding({ mute, path: 'a b/ö.ts' })], {
  skipped: [{ path: 'x.ts', why: 'binary' }],
})
const log = toSarif(checked, { golden, norms: [NORM], undecided: [NORM], version: '0.1.0', now: 0 })

test('SARIF is valid by the schema and by what Microsoft’s tool knows beyond it', async () => {
  // There is no page on the web to name.
  assert.deepEqual(await validate(log), ['SARIF2005 Warning_ProvideToolnformationUri'])
})

test('the tool would say so if it were not', async () => {
  const broken = structuredClone(log)
  Object.assign(broken, { runs: [{ tool: {}, results: [{ message: 'no object' }] }] })
  assert.match((await validate(broken)).join(), /JSON1/)
})
