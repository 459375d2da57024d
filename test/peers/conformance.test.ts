import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { run } from './support/process.ts'
import { type Engine, type Registry, startRegistry } from './support/registry.ts'
import { summary } from './support/summary.ts'
import { goPeer } from './support/tools.ts'

// What the suite itself leaves out for a version: upload cancel and tag parameters came after 1.1, and
// sparse manifests (a manifest without its blobs) are off for both.
type Version = '1.1' | 'dev'
const LEFT_OUT: Record<Version, { apis: string[]; data: string[]; cases: string[] }> = {
  1.1: {
    apis: ['Blob upload cancel', 'Manifest put with tag params'],
    data: ['Sparse Manifests', 'Tag Param', 'Tag Param sha512'],
    cases: ['sha256 blobs/post cancel/blob-post-cancel', 'sha512 blobs/post cancel/blob-post-cancel'],
  },
  dev: { apis: [], data: ['Sparse Manifests'], cases: [] },
}

const rows: string[][] = [
  ['OCI conformance', 'engine', 'tests', 'failures', 'skipped', 'left out by the version', 'seconds'],
]
after(() => summary('conformance', rows))

for (const engine of ['sqlite+files', 'postgres+s3'] as const) {
  test(`the specification's conformance program finds nothing on ${engine}`, async t => {
    const registry = await startRegistry(engine)
    t.after(() => registry.stop())
    for (const version of ['1.1', 'dev'] as const) {
      await t.test(`OCI_VERSION=${version}`, () => conforms(registry, engine, version))
    }
  })
}

async function conforms(registry: Registry, engine: Engine, version: Version): Promise<void> {
  const results = mkdtempSync(join(tmpdir(), 'towpath-conformance-'))
  const output = await run(goPeer('conformance'), [], {
    cwd: results,
    env: {
      PATH: process.env.PATH,
      OCI_REGISTRY: registry.host,
      OCI_TLS: 'disabled',
      OCI_REPO1: `conformance/${version}/one`,
      OCI_REPO2: `conformance/${version}/two`,
      OCI_USERNAME: registry.login.user,
      OCI_PASSWORD: registry.login.password,
      OCI_VERSION: version,
      OCI_DATA_SHA512: 'true',
      OCI_RESULTS_DIR: results,
    },
  }).catch((error: Error) => error.message)
  const junit = readFileSync(join(results, 'junit.xml'), 'utf8')
  const report: { apis: Record<string, string>; data: Record<string, string> } = parse(
    readFileSync(join(results, 'results.yaml'), 'utf8'),
  )
  const suite = /<testsuite [^>]*>/.exec(junit)?.[0] ?? ''
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
  const failures = count('failures') + count('errors')
  rows.push([
    version,
    engine,
    `${count('tests')}`,
    `${failures}`,
    `${count('skipped')}`,
    `${count('disabled')}`,
    / time="([\d.]+)"/.exec(suite)?.[1] ?? '',
  ])
  const named = (status: string) => cases(junit, status).map(name => name.replace('OCI Conformance Test/', ''))
  const expected = LEFT_OUT[version]
  assert.equal(failures, 0, `${named('failure').join('\n')}\n${output}`)
  assert.ok(count('tests') > 800, `only ${count('tests')} tests ran`)
  assert.deepEqual(named('skipped'), expected.cases)
  assert.deepEqual(notPassed(report.apis), expected.apis)
  assert.deepEqual(notPassed(report.data), expected.data)
  rmSync(results, { recursive: true })
}

function cases(junit: string, status: string): string[] {
  return [...junit.matchAll(/<testcase name="([^"]*)"[^>]* status="([^"]*)"/g)]
    .filter(match => match[2] === status)
    .map(match => match[1] ?? '')
}

function notPassed(report: Record<string, string>): string[] {
  return Object.keys(report).filter(name => report[name] !== 'Pass')
}
