import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { test } from 'node:test'
import { z } from 'zod'
import type { GoldenSource } from '../config/types.ts'
import { CITATION, COMMIT, checkedOf, finding, NORM } from './check.fixture.ts'
import { goldenLink } from './golden-link.ts'
import { toSarif } from './to-sarif.ts'

const golden = (source: string): GoldenSource => ({
  name: 'team/golden',
  source,
  include: [],
  exclude: [],
  weight: 1,
  topics: [],
})
const options = {
  golden: [golden('https://git.example.org/team/golden.git')],
  norms: [NORM],
  undecided: [],
  version: '1.2.3',
  now: 0,
}

const shape = z.object({
  runs: z.tuple([
    z.object({
      tool: z.object({
        driver: z.object({ rules: z.array(z.looseObject({ id: z.string(), help: z.object({ text: z.string() }) })) }),
      }),
      results: z.array(
        z.looseObject({
          ruleId: z.string(),
          ruleIndex: z.number(),
          message: z.object({ text: z.string() }),
          locations: z.array(
            z.object({ physicalLocation: z.object({ artifactLocation: z.object({ uri: z.string() }) }) }),
          ),
          relatedLocations: z.array(
            z.looseObject({
              physicalLocation: z.object({ artifactLocation: z.object({ uri: z.string() }), region: z.unknown() }),
            }),
          ),
          suppressions: z.array(z.unknown()),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
      invocations: z.tuple([
        z.object({ toolExecutionNotifications: z.array(z.object({ message: z.object({ text: z.string() }) })) }),
      ]),
    }),
  ]),
})
const read = (log: unknown) => shape.parse(JSON.parse(JSON.stringify(log))).runs[0]

test('a result leads to its rule, which says what it rests on, who differs and how to dispute it', () => {
  const run = read(toSarif(checkedOf([finding()]), options))
  const [result] = run.results
  const rule = run.tool.driver.rules[result?.ruleIndex ?? -1]
  assert.deepEqual([result?.ruleId, rule?.id], ['typescript/errors/catch-empty', 'typescript/errors/catch-empty'])
  assert.match(rule?.help.text ?? '', /"says something" in 39 of 40 places, held by 2 repositories/)
  assert.match(rule?.help.text ?? '', /team\/old: "empty" 1 times/)
  assert.match(rule?.help.text ?? '', /"mute" of archangel\.json/)
  assert.match(result?.message.text ?? '', /^Who will know.*See team\/golden@aaaaaaaaaaaa:src\/a%20b\.ts#L3-L5\.$/)
})

test('golden places can be opened where they lie, and never by a path of this machine', () => {
  const [result] = read(toSarif(checkedOf([finding()]), options)).results
  assert.deepEqual(result?.relatedLocations[0]?.physicalLocation, {
    artifactLocation: { uri: `https://git.example.org/team/golden/blob/${COMMIT}/src/a%20b.ts` },
    region: { startLine: 3, endLine: 5 },
  })
  const link = (source: string) => goldenLink(CITATION, [golden(source)])
  assert.equal(
    link('ssh://git@git.example.org:2222/team/golden'),
    `https://git.example.org/team/golden/blob/${COMMIT}/src/a%20b.ts`,
  )
  assert.equal(link('/home/joe/golden'), `golden:/team/golden@${COMMIT}/src/a%20b.ts`)
  assert.equal(goldenLink(CITATION, []), `golden:/team/golden@${COMMIT}/src/a%20b.ts`)
})

test('a muted one is suppressed, and its reason travels', () => {
  const mute = { norm: 'errors/*', reason: 'generated code', folder: '/work' }
  const [muted, open] = read(toSarif(checkedOf([finding({ mute }), finding()]), options)).results
  assert.deepEqual(muted?.suppressions, [{ kind: 'external', status: 'accepted', justification: 'generated code' }])
  assert.deepEqual(open?.suppressions, [])
})

test('a result is known again when lines above it come and go; two of one line are two', () => {
  const prints = (...findings: ReturnType<typeof finding>[]) =>
    read(toSarif(checkedOf(findings), options)).results.map(one => one.partialFingerprints['towpathMentor/v1'])
  const moved = finding({ region: { startLine: 90, startColumn: 1, endLine: 90, endColumn: 2 } })
  assert.deepEqual(prints(finding()), prints(moved))
  assert.equal(new Set(prints(finding(), moved, finding({ path: 'other.ts' }))).size, 3)
})

test('paths are URIs; what was left out is said', () => {
  const checked = checkedOf([finding({ path: 'src/a b#c?.ts' })], { skipped: [{ path: 'x.ts', why: 'broken syntax' }] })
  const run = read(toSarif(checked, options))
  assert.equal(run.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri, 'src/a%20b%23c%3F.ts')
  assert.equal(run.invocations[0].toolExecutionNotifications[0]?.message.text, 'Not looked at: broken syntax')
  const many = read(toSarif(checkedOf(Array.from({ length: 5001 }, () => finding())), options))
  assert.equal(many.results.length, 5000)
  assert.match(many.invocations[0].toolExecutionNotifications[0]?.message.text ?? '', /^1 more/)
})

test('nothing of who ran it', () => {
  const text = JSON.stringify(toSarif(checkedOf([finding()]), { ...options, golden: [golden(`${homedir()}/golden`)] }))
  for (const own of [homedir(), process.cwd()]) assert.ok(!text.includes(own), own)
})
