import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../../kernel/index.ts'
import { DocumentUnreadable } from '../failures.ts'
import { parseReport } from './parse.ts'
import { SEVERITIES } from './report.ts'

const read = (document: unknown) => parseReport(Buffer.from(JSON.stringify(document)))

/** As Trivy 0.6x writes it, shortened. */
const trivy = {
  version: '2.1.0',
  $schema: 'https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json',
  runs: [
    {
      tool: {
        driver: {
          ...{ fullName: 'Trivy Vulnerability Scanner', name: 'Trivy', version: '0.66.0' },
          rules: [
            {
              id: 'CVE-2023-0286',
              shortDescription: { text: 'openssl: X.400 address type confusion in X.509 GeneralName' },
              defaultConfiguration: { level: 'error' },
              helpUri: 'https://avd.aquasec.com/nvd/cve-2023-0286',
              properties: { 'security-severity': '7.4', tags: ['vulnerability', 'HIGH'] },
            },
            { id: 'DS002', defaultConfiguration: { level: 'error' }, helpUri: 'javascript:alert(1)' },
          ],
        },
      },
      results: [
        { ruleId: 'DS002', ruleIndex: 1, level: 'note', message: { text: 'Artifact: Dockerfile' } },
        {
          ...{ ruleId: 'CVE-2023-0286', ruleIndex: 0, level: 'error' },
          message: {
            text: 'Package: openssl\nInstalled Version: 1.1.1n-0+deb11u3\nVulnerability CVE-2023-0286\nSeverity: HIGH\nFixed Version: 1.1.1n-0+deb11u4\nLink: [CVE-2023-0286](https://avd.aquasec.com/nvd/cve-2023-0286)',
          },
          locations: [{ physicalLocation: { artifactLocation: { uri: 'library/debian' }, region: { startLine: 1 } } }],
        },
        { ruleId: 'CVE-2023-0286', suppressions: [{ kind: 'external' }], message: { text: '' } },
        {
          ruleId: 'CVE-2023-0286',
          suppressions: [{ kind: 'external', status: 'rejected' }],
          message: { text: 'stays' },
        },
        { ruleId: 'CVE-2023-0286', kind: 'pass', message: { text: '' } },
      ],
      invocations: [{ endTimeUtc: '2026-11-25T10:00:00Z' }],
    },
  ],
}

test('SARIF of Trivy: packages out of its lines, severity by score before level, what is suppressed left out', () => {
  const report = read(trivy)
  const { counts, ...summary } = report?.summary ?? { counts: {} }
  assert.deepEqual(summary, {
    ...{ format: 'sarif', tool: 'Trivy', toolVersion: '0.66.0', createdAt: '2026-11-25T10:00:00Z' },
    ...{ total: 3, dismissed: 1 },
  })
  assert.deepEqual(counts, { critical: 0, high: 2, medium: 0, low: 1, none: 0, unknown: 0 })
  assert.deepEqual(report?.findings[0], {
    ...{ id: 'CVE-2023-0286', severity: 'high', score: 7.4, package: 'openssl', version: '1.1.1n-0+deb11u3' },
    ...{ fixedVersion: '1.1.1n-0+deb11u4', title: 'openssl: X.400 address type confusion in X.509 GeneralName' },
    ...{ location: 'library/debian:1', url: 'https://avd.aquasec.com/nvd/cve-2023-0286' },
  })
  const last = report?.findings.at(-1)
  assert.deepEqual([last?.id, last?.severity, last?.url], ['DS002', 'low', ''], 'a script is no address')
})

test('SARIF of Grype: the package out of its sentence', () => {
  const message = {
    text: 'A critical vulnerability in deb package: libssl1.1, version 1.1.1n was found at: /var/lib/dpkg/status',
  }
  const rules = [{ id: 'CVE-2023-1-libssl1.1', properties: { 'security-severity': '9.8' } }]
  const report = read({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'grype', rules } }, results: [{ ruleId: 'CVE-2023-1-libssl1.1', message }] }],
  })
  const [finding] = report?.findings ?? []
  assert.deepEqual([finding?.package, finding?.version, finding?.severity], ['libssl1.1', '1.1.1n', 'critical'])
})

test('CycloneDX: each affected component is a finding, the worst rating counts, what does not affect is left out', () => {
  const bom = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.5' },
    metadata: { timestamp: '2026-11-25T10:00:00Z', tools: { components: [{ name: 'trivy', version: '0.66.0' }] } },
    components: [
      { 'bom-ref': 'a', name: 'openssl', version: '1.1.1', purl: 'pkg:deb/debian/openssl@1.1.1' },
      { 'bom-ref': 'b', name: 'outer', components: [{ 'bom-ref': 'c', group: 'org.x', name: 'inner', version: '2' }] },
    ],
    vulnerabilities: [
      {
        id: 'CVE-1',
        source: { name: 'nvd', url: 'https://nvd.nist.gov/vuln/detail/CVE-1' },
        ratings: [{ severity: 'low', score: 3.1 }, { severity: 'critical', score: 9.1 }, { severity: 'info' }],
        description: 'Bad\nthings',
        affects: [
          {
            ref: 'a',
            versions: [
              { version: '1.1.1', status: 'affected' },
              { version: '1.1.2', status: 'unaffected' },
            ],
          },
          { ref: 'c' },
        ],
      },
      { id: 'CVE-2', ratings: [{ severity: 'high' }], analysis: { state: 'not_affected' }, affects: [{ ref: 'a' }] },
      { id: 'CVE-3', affects: [{ ref: 'urn:cdx:elsewhere#x' }] },
    ],
  }
  const report = read(bom)
  assert.equal(report?.summary.tool, 'trivy')
  assert.equal(report?.summary.dismissed, 1)
  assert.deepEqual(report?.summary.counts, { critical: 2, high: 0, medium: 0, low: 0, none: 0, unknown: 1 })
  assert.deepEqual(
    report?.findings.map(one => [one.id, one.package, one.version, one.fixedVersion, one.severity, one.score]),
    [
      ['CVE-1', 'openssl', '1.1.1', '1.1.2', 'critical', 9.1],
      ['CVE-1', 'org.x/inner', '2', '', 'critical', 9.1],
      ['CVE-3', 'urn:cdx:elsewhere#x', '', '', 'unknown', null],
    ],
  )
  assert.equal(report?.findings[0]?.title, 'Bad things')
  assert.equal(read({ ...bom, vulnerabilities: undefined }), undefined, 'an SBOM alone tells of nothing')
})

test('of more findings than are kept the worst are, and all are counted', () => {
  const vulnerabilities = Array.from({ length: 6000 }, (_, i) => ({
    id: `CVE-${i}`,
    ratings: [{ severity: i === 5999 ? 'critical' : 'low' }],
  }))
  const report = read({ bomFormat: 'CycloneDX', vulnerabilities })
  assert.equal(report?.findings.length, 5000)
  assert.equal(report?.untold, 1000)
  assert.equal(report?.findings[0]?.id, 'CVE-5999')
  assert.deepEqual([report?.summary.total, report?.summary.counts.low], [6000, 5999])
})

test('any JSON in the place of any field: a report within its bounds, nothing, or one failure', () => {
  const junk = fc.jsonValue({ maxDepth: 3 })
  const some = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.oneof(junk, fc.record(shape, { requiredKeys: [] }))
  const listed = (one: fc.Arbitrary<unknown>) => fc.oneof(junk, fc.array(one, { maxLength: 4 }))
  const text = some({ text: fc.oneof(junk, fc.string()) })
  const rule = some({ id: junk, helpUri: fc.oneof(junk, fc.webUrl()), shortDescription: text, properties: junk })
  const result = some({
    ...{
      ruleId: junk,
      ruleIndex: fc.oneof(junk, fc.integer()),
      level: fc.oneof(junk, fc.constant('error')),
      kind: junk,
    },
    ...{ rule, message: text, locations: listed(some({ physicalLocation: junk })), suppressions: listed(junk) },
  })
  const run = some({ tool: some({ driver: some({ name: junk, rules: listed(rule) }) }), results: listed(result) })
  const vulnerability = some({
    ...{ id: junk, ratings: listed(some({ severity: junk, score: junk })), analysis: junk, source: junk },
    ...{ affects: listed(some({ ref: fc.oneof(junk, fc.constant('a')), versions: listed(junk) })), advisories: junk },
  })
  const component: fc.Arbitrary<unknown> = some({ 'bom-ref': fc.constant('a'), name: junk, components: listed(junk) })
  const document = fc.oneof(
    fc.record({ version: fc.constant('2.1.0'), runs: fc.array(run, { maxLength: 3 }) }),
    fc.record({
      bomFormat: fc.constant('CycloneDX'),
      ...{ metadata: junk, components: listed(component), vulnerabilities: fc.array(vulnerability, { maxLength: 4 }) },
    }),
    junk,
  )
  const bytes = fc.oneof(
    document.map(value => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 50 }).map(one => Buffer.from(one)),
  )
  fc.assert(
    fc.property(bytes, given => {
      let report: ReturnType<typeof parseReport>
      try {
        report = parseReport(given)
      } catch (error) {
        assert.ok(error instanceof Failure && error.is(DocumentUnreadable), String(error))
        return
      }
      if (!report) return
      const { counts, total } = report.summary
      assert.equal(
        SEVERITIES.reduce((sum, one) => sum + counts[one], 0),
        total,
      )
      for (const one of report.findings) {
        assert.ok(one.score === null || (one.score >= 0 && one.score <= 10))
        assert.ok(one.url === '' || /^https?:\/\//.test(one.url))
        for (const value of [one.id, one.package, one.version, one.fixedVersion, one.title, one.location, one.url]) {
          assert.ok(typeof value === 'string' && value.length <= 505 && value.isWellFormed())
        }
      }
    }),
    { numRuns: 3000 },
  )
})

test('too deep and too long are refused before they are parsed', () => {
  assert.throws(() => parseReport(Buffer.from(`{"a":${'['.repeat(65)}`)), /deeper than 64/)
  assert.throws(() => parseReport(Buffer.alloc(8 * 1024 * 1024 + 1, ' ')), /8388608 is the most/)
})
