import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createLayout, nameOf, openLayout } from '../../oci/index.ts'
import { sampleContent } from '../../oci/testing/content.fixture.ts'
import { type FakeRegistry, fakeRegistry } from '../../oci/testing/fake-registry.fixture.ts'
import { PASSWORD, serveRegistry } from '../../registry/http/data-plane.fixture.ts'
import { copy } from './copy.ts'
import { inspect } from './inspect.ts'
import { localFiles } from './layout-files.ts'
import { ls } from './ls.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'

const big = Buffer.alloc(400_000, 'some bytes ')

async function desk(t: TestContext, env: Record<string, string> = {}) {
  const at = await mkdtemp(join(tmpdir(), 'towpath-test-'))
  t.after(() => rm(at, { recursive: true }))
  await mkdir(join(at, 'site/sub'), { recursive: true })
  await writeFile(join(at, 'site/index.html'), '<html>')
  await writeFile(join(at, 'site/big'), big)
  await writeFile(join(at, 'site/sub/inner'), 'inner')
  const out: string[] = []
  const err: string[] = []
  const machine = {
    env: { HOME: at, ...env },
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
  }
  const took = () => out.splice(0).join('').trimEnd()
  return {
    at,
    machine,
    took,
    said: () => err.splice(0).join(''),
    pushing: { ...machine, artifactType: 'a/b', annotation: ['k=v'] },
  }
}

async function fake(t: TestContext, options: Parameters<typeof fakeRegistry>[0] = {}): Promise<FakeRegistry> {
  const registry = await fakeRegistry(options)
  t.after(() => registry.close())
  return registry
}

async function sampleLayout(folder: string, tag = '1.0') {
  const content = sampleContent('cli')
  const layout = await createLayout(localFiles(folder))
  for (const [digest, bytes] of content.blobs) {
    await layout.putBlob(
      { digest, size: bytes.length },
      async function* ({ at }) {
        yield bytes.subarray(at)
      },
      {},
    )
  }
  for (const one of content.manifests) await layout.putManifest(one.top ? { ...one, tag } : one)
  return { content, layout }
}

test('a folder goes to the registry of this house and comes back, with the admin’s password alone', async t => {
  const { url } = await serveRegistry(t)
  const host = url.replace('http://', '')
  const { at, machine, pushing, took } = await desk(t, { TOWPATH_PASSWORD: PASSWORD })
  await push([join(at, 'site'), `${host}/team/site:1.0`], pushing)
  const pushed = took()
  assert.match(pushed, new RegExp(`^${host}/team/site:1\\.0@sha256:[0-9a-f]{64}$`))
  await push([join(at, 'site'), `${host}/team/site:1.0`], pushing)
  assert.equal(took(), pushed)
  await ls(host, { ...machine, output: 'json' })
  await ls(`${host}/team/site`, { ...machine, output: 'table' })
  await ls(`${host}/team/site`, { ...machine, output: 'tsv', query: '[0]' })
  assert.equal(took(), '[\n  "team/site"\n]\n1.0\n1.0')
  await pull(`${host}/team/site:1.0`, { ...machine, out: join(at, 'back') })
  assert.ok(big.equals(await readFile(join(at, 'back/big'))))
  assert.equal(await readFile(join(at, 'back/sub/inner'), 'utf8'), 'inner')
  assert.deepEqual((await readdir(join(at, 'back'))).toSorted(), ['big', 'index.html', 'sub'])
  took()
  await inspect(`${host}/team/site:1.0`, { ...machine, output: 'json' })
  const shown = JSON.parse(took())
  assert.deepEqual([shown.artifactType, shown.annotations, shown.layers.length], ['a/b', { k: 'v' }, 3])
  await inspect(`${host}/team/site:1.0`, { ...machine, output: 'table', query: '{type: artifactType}' })
  assert.equal(took(), 'Type\na/b')
  const stranger = { ...machine, env: {}, output: 'table' as const }
  await assert.rejects(ls(host, stranger), { code: 'OCI_UNAUTHORIZED', status: 401 })
})

test('a layout goes to the registry of this house, from there to another repository and back to a layout', async t => {
  const { url } = await serveRegistry(t)
  const host = url.replace('http://', '')
  const { at, machine, pushing, took } = await desk(t, { TOWPATH_PASSWORD: PASSWORD })
  const { content } = await sampleLayout(join(at, 'layout'))
  await push([join(at, 'layout'), `${host}/app:2.0`], pushing)
  await copy(`${host}/app:2.0`, `${host}/fork/app:3.0`, machine)
  await copy(`${host}/fork/app:3.0`, `oci:${join(at, 'copied')}`, { ...machine, referrers: true })
  const copied = await openLayout(localFiles(join(at, 'copied')))
  assert.deepEqual(
    (await copied.entries()).map(entry => [entry.digest, nameOf(entry)]),
    [[content.root.digest, '3.0']],
  )
  for (const [digest, bytes] of content.blobs) {
    const [, hex = ''] = digest.split(':')
    const inner = Buffer.from(content.signature.bytes).includes(hex)
    if (!inner) assert.ok(bytes.equals(await readFile(join(at, 'copied/blobs/sha256', hex))))
  }
  took()
  await inspect(`${host}/fork/app:3.0`, { ...machine, output: 'table' })
  assert.match(took(), /^sha256:.*image\.index.*\n├─ linux\/amd64 sha256:.* in 3 layers\n│ {2}├─ config sha256:/)
})

test('a pull that is stopped leaves partial files, and the next one asks only for what is missing', async t => {
  const registry = await fake(t, {
    fault: (method, url) =>
      method === 'GET' && url.pathname.includes('/blobs/') && cutting ? { cutAnswer: 123_456 } : undefined,
  })
  let cutting = false
  const { at, machine, pushing } = await desk(t)
  const ref = `${registry.host}/site`
  await push([join(at, 'site/big'), ref], pushing)
  cutting = true
  await mkdir(join(at, 'out'))
  await writeFile(join(at, 'out/big.partial'), big.subarray(0, 100_000))
  registry.log.splice(0)
  await pull(ref, { ...machine, out: join(at, 'out') })
  const ranges = registry.log.filter(one => one.line.includes('/blobs/')).map(one => one.headers.range)
  assert.equal(ranges[0], 'bytes=100000-')
  assert.ok(ranges.length >= 3, ranges.join())
  assert.ok(big.equals(await readFile(join(at, 'out/big'))))
  assert.deepEqual(await readdir(join(at, 'out')), ['big'])
})

test('what an artifact calls its files cannot lead out of the folder', async t => {
  const registry = await fake(t)
  const { at, machine, pushing } = await desk(t)
  await push([join(at, 'site/big'), `${registry.host}/site`], pushing)
  const [key = '', held] = [...registry.manifests].find(([name]) => name.endsWith(':latest')) ?? []
  assert.ok(held)
  for (const title of ['../evil', '/tmp/../evil', 'a/../../evil', '']) {
    const bytes = Buffer.from(
      held.bytes
        .toString()
        .replace('"org.opencontainers.image.title":"big"', `"org.opencontainers.image.title":"${title}"`),
    )
    registry.manifests.set(key, { ...held, bytes })
    await assert.rejects(pull(`${registry.host}/site`, { ...machine, out: join(at, 'out/deep') }), {
      code: 'CLI_PATH_ESCAPES',
    })
  }
  assert.ok(!(await readdir(at)).includes('evil'))
})

test('an image is not files, and says what to do', async t => {
  const registry = await fake(t)
  const { at, machine, pushing } = await desk(t)
  await sampleLayout(join(at, 'layout'))
  await push([join(at, 'layout'), `${registry.host}/app`], pushing)
  await assert.rejects(pull(`${registry.host}/app`, { ...machine, out: at }), {
    code: 'CLI_NOT_FILES',
    message: /linux\/amd64, linux\/arm64/,
    next: /--layout/,
  })
})

test('given credentials are for the destination alone, those of the source are its own', async t => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const from = await fake(t, { basic: basic('reader:secret') })
  const to = await fake(t, { basic: basic('me:mine') })
  const { at, machine, pushing } = await desk(t)
  const source = {
    TOWPATH_SOURCE_HOST: from.host,
    TOWPATH_SOURCE_USERNAME: 'reader',
    TOWPATH_SOURCE_PASSWORD: 'secret',
  }
  await push([join(at, 'site/big'), `${from.host}/a`], {
    ...pushing,
    env: { ...machine.env, TOWPATH_USERNAME: 'reader', TOWPATH_PASSWORD: 'secret' },
  })
  const mine = { ...machine.env, TOWPATH_USERNAME: 'me', TOWPATH_PASSWORD: 'mine' }
  await assert.rejects(copy(`${from.host}/a`, `${to.host}/a`, { ...machine, env: mine }), { code: 'OCI_UNAUTHORIZED' })
  await copy(`${from.host}/a`, `${to.host}/a`, { ...machine, env: { ...mine, ...source } })
  const seen = new Set(from.log.map(one => one.headers.authorization))
  assert.ok(!seen.has(basic('me:mine')))
})

test('what was typed wrongly is told from what failed', async t => {
  const { at, machine, pushing, said } = await desk(t)
  await assert.rejects(push([at, 'no-host'], pushing), { exitCode: 2 })
  assert.match(said(), /^towpath: "no-host" is not a reference: .*\n {2}Write host/)
  await assert.rejects(push([at, 'oci:x'], pushing), { exitCode: 2 })
  await assert.rejects(ls('127.0.0.1:1', { ...machine, output: 'table', username: 'x' }), { exitCode: 2 })
  await assert.rejects(push([join(at, 'none'), '127.0.0.1:1/x'], pushing), { code: 'CLI_PATH_MISSING', status: 404 })
  await assert.rejects(inspect(`oci:${at}`, { ...machine, output: 'json' }), { code: 'LAYOUT_MISSING', status: 404 })
  await assert.rejects(copy(`oci:${at}/site`, 'oci:/proc/none', machine), { code: 'LAYOUT_MISSING' })
})
