import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { nodeDisk } from '../kernel/index.ts'
import { type ConsoleAsk, createConsole } from './answer.ts'
import { readConsole } from './files.ts'

const SCRIPT = 'console.log("along the water")\n'.repeat(50)
const INDEX = '<!doctype html><title>Towpath</title>'
const disk = nodeDisk()
let dir = ''
let served: ReturnType<typeof createConsole>

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'towpath-console-'))
  await mkdir(join(dir, 'assets'))
  await writeFile(join(dir, 'index.html'), INDEX)
  await writeFile(join(dir, '.sources'), 'not for anybody')
  await writeFile(join(dir, 'secrets.txt'), 'not for anybody')
  const script = join(dir, 'assets', 'index-abc.js')
  await writeFile(script, SCRIPT)
  await writeFile(`${script}.br`, brotliCompressSync(SCRIPT))
  await writeFile(`${script}.gz`, gzipSync(SCRIPT))
  const files = await readConsole(disk, dir)
  assert(files)
  served = createConsole(files)
})
after(() => rm(dir, { recursive: true, force: true }))

const ask = (path: string, more: Partial<ConsoleAsk> = {}): ConsoleAsk => ({
  ...{ path, acceptEncoding: undefined, ifNoneMatch: undefined },
  ...more,
})
const text = (body: Uint8Array | undefined) => Buffer.from(body ?? []).toString()

test('a page’s address is answered with the page, which is asked for anew each time and keeps to itself', () => {
  const { status, headers, body } = served.page(ask('/t/default/access/roles'))
  assert.equal(status, 200)
  assert.equal(text(body), INDEX)
  assert.equal(headers['cache-control'], 'no-cache')
  assert.equal(headers['content-type'], 'text/html; charset=utf-8')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  const policy = headers['content-security-policy'] ?? ''
  assert.match(policy, /default-src 'none'.*script-src 'self';.*style-src 'self';.*frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe|data:|\*|https?:/)
  const again = served.page(ask('/t/default', { ifNoneMatch: `W/"other", ${headers.etag}` }))
  assert.equal(again.status, 304)
  assert.equal(again.body.length, 0)
})

test('what has its hash in its name is kept for ever, and sent in the encoding that the client takes', () => {
  const path = '/assets/index-abc.js'
  const get = (acceptEncoding?: string) => {
    const found = served.file(ask(path, { acceptEncoding }))
    assert(found)
    assert.equal(found.headers.vary, 'accept-encoding')
    assert.match(found.headers['cache-control'] ?? '', /immutable/)
    assert.match(found.headers['content-type'] ?? '', /^text\/javascript/)
    return { encoding: found.headers['content-encoding'], body: found.body }
  }
  const br = get('gzip, deflate, br, zstd')
  assert.equal(br.encoding, 'br')
  assert.equal(brotliDecompressSync(br.body).toString(), SCRIPT)
  const gzip = get('br;q=0, GZIP;q=0.5')
  assert.equal(gzip.encoding, 'gzip')
  assert.equal(gunzipSync(gzip.body).toString(), SCRIPT)
  for (const none of [undefined, '', 'identity', 'brotli', 'gzip;q=0.0']) {
    assert.deepEqual({ ...get(none), body: text(get(none).body) }, { encoding: undefined, body: SCRIPT })
  }
})

test('no path leads to anything but the files of the console', () => {
  const own = new Set(['/index.html', '/assets/index-abc.js'])
  for (const path of [
    ...['/.sources', '/secrets.txt', '/assets/index-abc.js.br', '/assets/../index.html', '/assets', '/assets/'],
    ...['/../package.json', '//etc/passwd', '/%2e%2e/package.json', '/assets/%2e%2e%2findex.html', '/__proto__', ''],
  ]) {
    assert.equal(served.file(ask(path)), undefined, path)
  }
  const part = fc.constantFrom(
    '..',
    '.',
    '',
    'assets',
    'index.html',
    'index-abc.js',
    '%2e%2e',
    'constructor',
    '\\',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), parts => {
      const path = `/${parts.join('/')}`
      assert.equal(served.file(ask(path)) !== undefined, own.has(path), path)
    }),
  )
})

test('where nothing was built there is no console, and one that is no console is not read', async () => {
  assert.equal(await readConsole(disk, join(dir, 'nowhere')), undefined)
  const huge = await mkdtemp(join(tmpdir(), 'towpath-console-'))
  try {
    await writeFile(join(huge, 'index.html'), INDEX)
    await writeFile(join(huge, 'huge.js'), '')
    await truncate(join(huge, 'huge.js'), 33 * 1024 * 1024)
    await assert.rejects(readConsole(disk, huge), { code: 'CONSOLE_TOO_LARGE' })
  } finally {
    await rm(huge, { recursive: true, force: true })
  }
})
