import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startPostgres } from './support/postgres.ts'
import { run } from './support/process.ts'
import { startS3 } from './support/s3.ts'

test('the suites of the rooms with state hold on PostgreSQL and on an S3 engine', async t => {
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const s3 = await startS3()
  t.after(() => s3.stop())
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = s3
  const env = {
    PATH: process.env.PATH,
    TOWPATH_TEST_POSTGRES: postgres.url,
    TOWPATH_TEST_S3: JSON.stringify({ endpoint, bucket, region, accessKeyId, secretAccessKey, pathStyle: true }),
  }
  const cwd = new URL('../..', import.meta.url).pathname
  // What knows no engine, and what runs on SQLite and files, `npm test` has run: here are those that name the others.
  const files = globSync(['src/**/*.test.ts', 'test/backup/**/*.test.ts'], { cwd }).filter(file =>
    /testEngines|TOWPATH_TEST_/.test(readFileSync(join(cwd, file), 'utf8')),
  )
  const named = '--test-name-pattern=/postgres|object store|s3/i'
  const output = await run(process.execPath, ['--test', '--test-reporter=spec', named, ...files], {
    cwd,
    env,
    timeoutMs: 900_000,
  })
  // A suite that ran on SQLite and files alone would be green too.
  const passed = output.split('\n').filter(line => line.includes('✔'))
  const on = (what: RegExp) => passed.filter(line => what.test(line)).length
  t.diagnostic(`${passed.length} passed, of them ${on(/postgres/i)} on PostgreSQL and ${on(/object store|s3/i)} on S3`)
  assert.ok(on(/postgres/i) > 0, 'nothing ran on PostgreSQL')
  assert.ok(on(/object store/i) > 0, 'nothing ran on S3')
})
