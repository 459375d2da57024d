import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../failure.ts'
import { variableName } from './env.ts'
import { compareConfig, configJsonSchema, loadConfig, paths, ports, reloadableKeys } from './index.ts'
import { leafPaths } from './walk.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-config-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const machine = { cores: 4, platform: 'linux' }

function load(yaml: string, env: Record<string, string> = {}) {
  const file = join(dir, 'towpath.yaml')
  writeFileSync(file, yaml)
  return loadConfig({ env, file, cwd: '/work/here', machine })
}

function complaint(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof Failure)
    assert.equal(error.code, 'CONFIG_INVALID')
    assert.doesNotMatch(JSON.stringify(error.detail), /hunter2/)
    assert.doesNotMatch(error.message, /hunter2/)
    return error.message
  }
  return assert.fail('nothing was refused')
}

test('an empty file gives the defaults', () => {
  const config = load('')
  assert.equal(config.home, '/work/here/.towpath')
  assert.deepEqual(config.listen, { address: '127.0.0.1', control: 7070, registry: 5000 })
  assert.deepEqual(config.regions, [
    { name: 'home', nodes: 2, database: { engine: 'sqlite' }, blobs: { store: 'files' } },
  ])
  assert.equal(config.limits.manifestBytes, 4 * 1024 * 1024)
  assert.equal(config.limits.uploadIdle, 24 * 3600 * 1000)
  assert.equal(config.tls, undefined)
})

test('one node where ports cannot be shared', () => {
  const nodes = (cores: number, platform: string) =>
    loadConfig({ env: {}, cwd: dir, file: '/dev/null', machine: { cores, platform } }).regions[0]?.nodes
  assert.equal(nodes(1, 'linux'), 1)
  assert.equal(nodes(8, 'darwin'), 1)
  assert.equal(nodes(8, 'linux'), 2)
})

test('sizes and durations with units; paths from the folder of their file', () => {
  const config = load(
    'home: state\nlimits:\n  blobBytes: 2 GiB\n  idleTimeout: 90 s\ntls: {certificate: a.pem, key: /k}\n',
  )
  assert.equal(config.home, join(dir, 'state'))
  assert.equal(config.limits.blobBytes, 2 * 1024 ** 3)
  assert.equal(config.limits.idleTimeout, 90_000)
  assert.deepEqual(config.tls, { certificate: join(dir, 'a.pem'), key: '/k' })
})

test('the environment wins over the file', () => {
  const config = load('listen: {control: 7000}\nregions: [{name: eu}]', {
    TOWPATH_LISTEN_CONTROL: '7171',
    TOWPATH_HOME: 'elsewhere',
    TOWPATH_REGIONS_0_NODES: '3',
    TOWPATH_REGIONS_1_NAME: 'us',
    TOWPATH_REGIONS_1_DATABASE_ENGINE: 'postgres',
    TOWPATH_REGIONS_1_DATABASE_URL: 'env:PG',
    TOWPATH_REGIONS_1_DATABASE_SCHEMA: 'us',
    TOWPATH_LIMITS_MANIFEST_BYTES: '8 MiB',
    TOWPATH_ADMIN_PASSWORD: 'hunter2',
  })
  assert.equal(config.listen.control, 7171)
  assert.equal(config.home, '/work/here/elsewhere')
  assert.equal(config.limits.manifestBytes, 8 * 1024 * 1024)
  assert.deepEqual(
    config.regions.map(region => [region.name, region.nodes]),
    [
      ['eu', 3],
      ['us', 2],
    ],
  )
  assert.deepEqual(config.regions[1]?.database, { engine: 'postgres', url: 'env:PG', schema: 'us' })
})

test('index 0 is the default region where no file names one', () => {
  const config = loadConfig({ env: { TOWPATH_REGIONS_0_NODES: '1' }, cwd: dir, file: '/dev/null', machine })
  assert.equal(config.regions[0]?.name, 'home')
  assert.equal(config.regions[0]?.nodes, 1)
})

test('an unknown key names its line and what was meant', () => {
  const says = complaint(() =>
    load('log:\n  level: info\nlistne:\n  control: 1\nregions:\n  - name: eu\n    noodes: 2\n'),
  )
  assert.match(says, /listne \(towpath\.yaml:3\) is not a known key\. Did you mean listen\?/)
  assert.match(says, /regions\[0\]\.noodes \(towpath\.yaml:7\) .*Did you mean nodes\?/)
})

test('a wrong value names key, value, line and fix, all of them at once', () => {
  const says = complaint(() =>
    load('listen:\n  control: seventy\n  registry: 70000\nlog:\n  level: loud\nlimits: {blobBytes: 2 Gb}'),
  )
  assert.match(says, /listen\.control \(towpath\.yaml:2\) is "seventy"\. Set it to a port from 1 to 65535\./)
  assert.match(says, /listen\.registry \(towpath\.yaml:3\) is 70000\./)
  assert.match(says, /log\.level \(towpath\.yaml:5\) is "loud"\. Set it to trace, debug, info, warn or error\./)
  assert.match(says, /limits\.blobBytes \(towpath\.yaml:6\) is "2 Gb"\. Set it to a size such as 4 MiB/)
})

test('a wrong value from the environment names the variable', () => {
  const says = complaint(() => load('', { TOWPATH_LISTEN_REGISTRY: 'x' }))
  assert.match(says, /listen\.registry \(environment TOWPATH_LISTEN_REGISTRY\) is "x"/)
})

test('what is missing points at its parent', () => {
  const says = complaint(() =>
    load('control: {}\nregions:\n  - nodes: 1\n    blobs:\n      store: s3\n      bucket: b-b\n'),
  )
  assert.match(says, /regions\[0\]\.name \(towpath\.yaml:3\) is missing/)
  assert.match(says, /regions\[0\]\.blobs\.endpoint \(towpath\.yaml:4\) is missing\. Set it to a URL/)
})

test('a choice that does not exist, and a key of the other choice', () => {
  const wrong = complaint(() => load('control:\n  database: {engine: mysql}'))
  assert.match(wrong, /control\.database\.engine \(towpath\.yaml:2\) is "mysql"\. Set it to sqlite or postgres/)
  const other = complaint(() => load('control:\n  database: {engine: sqlite, url: "env:X"}'))
  assert.match(other, /control\.database\.url .* is not a known key\. It does not go with the database chosen here/)
})

test('a secret written where its reference belongs is not repeated', () => {
  const file = 'control: {database: {engine: postgres, url: "postgres://u:hunter2@h/d", schema: c}}'
  assert.match(
    complaint(() => load(file)),
    /url .* is not a reference to a secret\. Set it to where the secret is/,
  )
  complaint(() => load('', { TOWPATH_CONTROL_DATABASE_ENGINE: 'postgres', TOWPATH_CONTROL_DATABASE_URL: 'hunter2' }))
  complaint(() => load('a: [hunter2'))
  complaint(() => load('a: "x"y hunter2'))
})

test('a variable that sets nothing is refused, with what was meant', () => {
  assert.match(
    complaint(() => load('', { TOWPATH_LISTEN_CONTORL: '1' })),
    /Did you mean TOWPATH_LISTEN_CONTROL\?/,
  )
  complaint(() => load('', { TOWPATH_REGIONS_0_NAME_X: 'a' }))
  load('', { TOWPATH_TEST_ANY: '1', TOWPATH_SEED: '1', TOWPATH_SIM_STEPS: '2', OTHER: '3', TOWPATH_LOG_LEVEL: '' })
})

test('a list index may not leave a gap', () => {
  const says = complaint(() => load('', { TOWPATH_REGIONS_2_NAME: 'us' }))
  assert.match(says, /regions\[2\]\.name \(environment TOWPATH_REGIONS_2_NAME\) skips an index/)
})

test('yaml errors, twice the same key, a list at the top, no such file', () => {
  assert.match(
    complaint(() => load('log: {}\nlog: {}')),
    /towpath\.yaml:2\) is not valid YAML: Map keys must be unique/,
  )
  assert.match(
    complaint(() => load('- a')),
    /holds no keys/,
  )
  assert.match(
    complaint(() => load('listen: [1]')),
    /listen .* is a list\. It takes a map of address, control, registry/,
  )
  assert.match(
    complaint(() => loadConfig({ env: { TOWPATH_CONFIG: '/no/where.yaml' } })),
    /\/no\/where\.yaml/,
  )
})

test('aliases are refused: a small file must not grow large', () => {
  const says = complaint(() => load('log: &a {level: info}\nlisten: *a'))
  assert.match(says, /alias/i)
})

test('contradictions: names, ports, databases', () => {
  const same = 'database: {engine: postgres, url: "env:A", schema: s}'
  assert.match(
    complaint(() => load('regions: [{name: eu}, {name: eu}]')),
    /regions\[1\]\.name .* is "eu" again/,
  )
  assert.match(
    complaint(() => load('listen: {control: 5101}')),
    /listen\.control .*5101/,
  )
  assert.match(
    complaint(() => load('listen: {registry: 65500}')),
    /at most 65434/,
  )
  const says = complaint(() => load(`control: {${same}}\nregions: [{name: eu, ${same}}]`))
  assert.match(says, /regions\[0\]\.database\.schema \(towpath\.yaml:2\)/)
})

test('ports and places', () => {
  const config = load('')
  assert.equal(ports(config).regional(1), 5002)
  assert.equal(ports(config).data(0), 5101)
  const short = paths({ home: '/h' })
  assert.equal(short.writerSocket('eu'), '/h/run/eu-writer.sock')
  const deep = paths({ home: `/${'d'.repeat(90)}` }, '/tmp')
  assert.match(deep.nodeSocket('eu', 0), /^\/tmp\/towpath-[0-9a-f]{16}\/eu-0\.sock$/)
  const longest = paths({ home: `/${'d'.repeat(59)}` }).writerSocket('r'.repeat(31))
  assert.ok(Buffer.byteLength(longest) < 104)
})

test('what reloads is listed and compared', () => {
  assert.deepEqual(
    reloadableKeys().map(({ key }) => key),
    ['tls.certificate', 'tls.key', 'log.level'],
  )
  const found = compareConfig(load('log: {level: info}'), load('log: {level: warn}\nregions: [{name: eu}]'))
  assert.deepEqual(found, { applies: ['log.level'], restart: ['regions[0].name'] })
  assert.deepEqual(compareConfig(load(''), load('')), { applies: [], restart: [] })
})

test('the JSON Schema describes every key and takes what people write', () => {
  const schema = JSON.stringify(configJsonSchema())
  for (const path of leafPaths()) assert.match(schema, new RegExp(`"${path.filter(p => p !== 0).at(-1)}"`))
  assert.match(schema, /"default":"4 MiB"/)
  assert.match(schema, /"additionalProperties":false/)
  assert.match(schema, /"x-reloads":"on SIGHUP"/)
})

test('every leaf has one variable, and no two share one', () => {
  const names = leafPaths().map(variableName)
  assert.equal(new Set(names).size, names.length)
})

test('any value of any key by environment equals the same value by file', () => {
  const cases = fc.record({
    control: fc.integer({ min: 20000, max: 30000 }),
    level: fc.constantFrom('trace', 'debug', 'info', 'warn', 'error'),
    uploads: fc.integer({ min: 1, max: 1e6 }),
    size: fc.integer({ min: 0, max: 1e12 }),
    name: fc.stringMatching(/^[a-z][a-z0-9]{1,30}$/),
    nodes: fc.integer({ min: 1, max: 64 }),
  })
  fc.assert(
    fc.property(cases, ({ control, level, uploads, size, name, nodes }) => {
      const byFile = load(
        JSON.stringify({
          listen: { control },
          log: { level },
          limits: { uploadsPerNode: uploads, blobBytes: size },
          regions: [{ name, nodes }],
        }),
      )
      const byEnvironment = load('', {
        TOWPATH_LISTEN_CONTROL: `${control}`,
        TOWPATH_LOG_LEVEL: level,
        TOWPATH_LIMITS_UPLOADS_PER_NODE: `${uploads}`,
        TOWPATH_LIMITS_BLOB_BYTES: `${size}`,
        TOWPATH_REGIONS_0_NAME: name,
        TOWPATH_REGIONS_0_NODES: `${nodes}`,
      })
      assert.deepEqual(byEnvironment, byFile)
    }),
    { numRuns: 50 },
  )
})
