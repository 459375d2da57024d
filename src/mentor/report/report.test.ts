import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkedOf, finding, GOLDEN_SOURCE, NORM } from '../check/check.fixture.ts'
import type { Finding } from '../check/finding.ts'
import { toSarif } from '../check/to-sarif.ts'
import { makeReport } from './make-report.ts'
import { readLogs } from './read-logs.ts'
import { readSarifLog } from './sarif-log.ts'
import { toHtml } from './to-html.ts'

const DAY = 86_400_000
const MONDAY = Date.parse('2026-11-02T09:00:00Z')
const golden = [GOLDEN_SOURCE]

type Ran = { at: number; kept?: number; broken?: number; findings?: readonly Finding[]; undecided?: (typeof NORM)[] }

/** As a log on disk: what `check` wrote. */
function logOf({ at, kept = 0, broken = 0, findings = [], undecided = [] }: Ran): string {
  const tallies = [{ norm: NORM.id, language: NORM.language, kept, broken }]
  return JSON.stringify(
    toSarif(checkedOf(findings, { tallies }), { golden, norms: [NORM], undecided, version: '1', now: at }),
  )
}

function report(...ran: Ran[]) {
  const runs = ran.flatMap(one => {
    const read = readSarifLog(logOf(one))
    assert.ok(typeof read !== 'string', String(read))
    return read
  })
  return makeReport({ runs, left: [] })
}

test('a habit by week, and whether it fades', () => {
  const weeks = [20, 20, 18, 20, 6, 4, 4, 2].map((broken, week) => ({
    at: MONDAY + week * 7 * DAY,
    broken,
    kept: 40 - broken,
  }))
  const [habit] = report(...weeks).habits
  assert.deepEqual(
    [habit?.norm, habit?.language, habit?.answer, habit?.trend],
    [NORM.id, 'typescript', NORM.answer, 'fading'],
  )
  assert.deepEqual(habit?.weeks[0], { week: '2026-11-02', kept: 20, broken: 20 })
  assert.equal(habit?.weeks.length, 8)
  const trend = (numbers: number[]) =>
    report(...numbers.map((broken, week) => ({ at: MONDAY + week * 7 * DAY, broken, kept: 40 - broken }))).habits[0]
      ?.trend
  assert.equal(trend([2, 2, 2, 2, 20, 20, 20, 20]), 'growing')
  assert.equal(trend([20, 20, 20, 20, 19, 20, 18, 20]), 'steady')
  assert.equal(trend([0, 0, 0, 0, 0, 0, 0, 0]), 'steady')
  assert.equal(trend([20, 10, 5]), 'few')
})

test('two runs of a week are one week, from Monday to Sunday, UTC', () => {
  const sunday = Date.parse('2026-11-08T23:59:59Z')
  const [habit] = report(
    { at: MONDAY, broken: 1, kept: 1 },
    { at: sunday, broken: 2 },
    { at: sunday + 1000, kept: 5 },
  ).habits
  assert.deepEqual(habit?.weeks, [
    { week: '2026-11-02', kept: 1, broken: 3 },
    { week: '2026-11-09', kept: 5, broken: 0 },
  ])
})

test('disputes with their reasons and golden files, each place once however often CI saw it', () => {
  const muted = (path: string, reason: string) => finding({ path, mute: { norm: NORM.id, reason, folder: '/work' } })
  const findings = [muted('a.ts', 'generated'), muted('b.ts', 'generated'), muted('c.ts', 'legacy')]
  const { disputed, cited } = report({ at: MONDAY, findings }, { at: MONDAY + DAY, findings: [...findings, finding()] })
  assert.deepEqual(disputed, [
    {
      norm: NORM.id,
      language: 'typescript',
      places: 3,
      reasons: [
        { reason: 'generated', places: 2 },
        { reason: 'legacy', places: 1 },
      ],
    },
  ])
  assert.deepEqual(
    cited.map(({ place, times }) => [place, times]),
    [['team/golden: src/a b.ts', 4]],
  )
  assert.match(cited[0]?.link ?? '', /^https:\/\/git\.example\.org\//)
})

test('what is undecided now is that of the last run', () => {
  const open = { ...NORM, id: 'naming/file', share: 0.7 }
  const { undecided } = report({ at: MONDAY + DAY, undecided: [open] }, { at: MONDAY, undecided: [NORM, open] })
  assert.deepEqual(undecided, [
    { norm: 'naming/file', language: 'typescript', answer: NORM.answer, share: 0.7, cases: 40 },
  ])
})

test('nobody is in it: not who reasons, not what a tool added to the log', () => {
  const reason = 'asked Joe Doe <joe.doe@example.org>, cc @joe-doe (joe.doe+ci@mail.example.org)'
  const log = JSON.parse(
    logOf({
      at: MONDAY,
      broken: 1,
      findings: [finding({ path: 'home/joe.doe/a.ts', mute: { norm: NORM.id, reason, folder: '/' } })],
    }),
  )
  log.runs[0].invocations[0] = {
    ...log.runs[0].invocations[0],
    account: 'joe.doe',
    machine: 'joe-laptop',
    commandLine: '/home/joe.doe/x',
  }
  log.runs[0].versionControlProvenance = [{ properties: { author: 'joe.doe@example.org' } }]
  log.runs[0].results[0].properties = { blame: 'joe.doe@example.org' }
  const runs = readSarifLog(JSON.stringify(log))
  assert.ok(typeof runs !== 'string')
  const made = makeReport({ runs, left: [] })
  for (const text of [JSON.stringify(made), toHtml(made)]) {
    assert.doesNotMatch(text, /joe[.-]doe|example\.org.*joe|laptop/i)
    assert.match(text, /\(a person\)/)
  }
})

test('the page runs nothing, fetches nothing, and takes no markup from a log', () => {
  const bad = '</td><script>alert(1)</script><img src=x onerror=alert(1)>"\'\u202e'
  const findings = [
    finding({ mute: { norm: NORM.id, reason: bad, folder: '/' }, norm: { ...NORM, id: `errors/${bad}`, answer: bad } }),
  ]
  const made = report({ at: MONDAY, findings, kept: 1, undecided: [{ ...NORM, answer: bad }] })
  const page = toHtml({
    ...made,
    cited: [...made.cited, { place: bad, link: undefined, times: 1 }],
    left: [{ file: bad, why: bad }],
  })
  assert.doesNotMatch(page, /<script|<img|\son\w+="|\u202e/i)
  assert.doesNotMatch(page, /(?:src|href)="(?!#|https:\/\/git\.example\.org\/)/)
  assert.doesNotMatch(page, /@import|url\(/)
  assert.match(page, /Content-Security-Policy" content="default-src 'none'/)
  const script = report({ at: MONDAY, findings: [finding()] })
  const [cited] = script.cited
  assert.equal(makeReport({ runs: [], left: [] }).runs, 0)
  assert.match(toHtml({ ...script, cited: cited ? [cited] : [] }), /rel="noreferrer"/)
})

test('a link that is no page of the web is not one', () => {
  const log = JSON.parse(logOf({ at: MONDAY, findings: [finding()] }))
  log.runs[0].results[0].relatedLocations[0].physicalLocation.artifactLocation.uri = 'javascript:alert(1)'
  const runs = readSarifLog(JSON.stringify(log))
  assert.ok(typeof runs !== 'string')
  assert.deepEqual(makeReport({ runs, left: [] }).cited, [{ place: 'javascript:alert(1)', link: undefined, times: 1 }])
})

test('files and folders; what is none of ours is named', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-report-'))
  after(() => rmSync(dir, { recursive: true, force: true }))
  const other = JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'other' } } }] })
  const files = { 'a.sarif': logOf({ at: MONDAY }), 'b.sarif': other, 'c.json': '{', 'd.txt': 'x', 'e.sarif': '[]' }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  symlinkSync('.', join(dir, 'loop'))
  const { runs, left } = await readLogs([dir, join(dir, 'd.txt')])
  assert.equal(runs.length, 1)
  assert.deepEqual(left, [
    { file: 'b.sarif', why: 'has no run of towpath-mentor' },
    { file: 'c.json', why: 'is no SARIF 2.1.0' },
    { file: 'e.sarif', why: 'is no SARIF 2.1.0' },
    { file: 'd.txt', why: 'is no SARIF 2.1.0' },
  ])
  await assert.rejects(readLogs([join(dir, 'none')]), /gives no SARIF \(ENOENT\)/)
})
