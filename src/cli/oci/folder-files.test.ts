import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { artifactOf } from './artifact.ts'
import { folderEntries, itemsOf, unpackInto } from './folder-files.ts'
import { localFiles } from './layout-files.ts'
import { packTar, type TarEntry } from './tar.ts'
import { unpackTar } from './untar.ts'

async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-test-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

const file = (path: string, text: string): TarEntry => ({
  kind: 'file',
  path,
  size: text.length,
  executable: false,
  async *bytes() {
    yield Buffer.from(text)
  },
})

async function* listed(...entries: TarEntry[]): AsyncGenerator<TarEntry> {
  yield* entries
}

test('a folder is packed and unpacked with its links', async t => {
  const at = await scratch(t)
  await mkdir(join(at, 'from/deep/er'), { recursive: true })
  await writeFile(join(at, 'from/deep/er/file'), 'bytes')
  await symlink('er/file', join(at, 'from/deep/link'))
  await unpackInto(join(at, 'to'), unpackTar(packTar(folderEntries(join(at, 'from/deep'), 'deep'))))
  assert.equal(await readFile(join(at, 'to/deep/link'), 'utf8'), 'bytes')
  assert.equal(await readlink(join(at, 'to/deep/link')), 'er/file')
})

test('an archive that leads out of the folder writes nothing there', async t => {
  const at = await scratch(t)
  const out = join(at, 'out')
  await mkdir(join(at, 'secret'))
  const link = (path: string, target: string): TarEntry => ({ kind: 'link', path, target })
  const hostile: TarEntry[][] = [
    [file('../escaped', 'x')],
    [file('/tmp/../../escaped', 'x')],
    [file('a/../../escaped', 'x')],
    [{ kind: 'folder', path: '../escaped' }],
    [link('out', '../secret')],
    [link('out', '/etc')],
    [link('a/out', '../../secret')],
    [link('a/b/p', '../../a'), link('q', 'a/b/p/../../secret')],
    [file('nul\0', 'x')],
  ]
  for (const entries of hostile) await assert.rejects(unpackInto(out, listed(...entries)), { code: 'CLI_PATH_ESCAPES' })
  await symlink(join(at, 'secret'), join(out, 'door'))
  await assert.rejects(unpackInto(out, listed(file('door/x', 'x'))), { code: 'CLI_PATH_ESCAPES' })
  await assert.rejects(unpackInto(out, listed({ kind: 'folder', path: 'door/y' })), { code: 'CLI_PATH_ESCAPES' })
  for (const path of ['escaped', 'secret/x', 'secret/y'])
    await assert.rejects(readFile(join(at, path)), { code: 'ENOENT' })
})

test('a file takes the place of a link, not of what the link points at', async t => {
  const at = await scratch(t)
  await writeFile(join(at, 'precious'), 'old')
  await mkdir(join(at, 'out'))
  await symlink('../precious', join(at, 'out/name'))
  await unpackInto(join(at, 'out'), listed(file('name', 'new')))
  assert.equal(await readFile(join(at, 'precious'), 'utf8'), 'old')
  assert.equal(await readFile(join(at, 'out/name'), 'utf8'), 'new')
})

test('a link out of the folder is not pushed', async t => {
  const at = await scratch(t)
  await mkdir(join(at, 'sub'))
  await symlink('/etc/passwd', join(at, 'sub/link'))
  await assert.rejects(artifactOf(await itemsOf([at]), { artifactType: 'a/b', annotations: {} }), {
    code: 'CLI_NOT_PORTABLE',
  })
})

test('local files stay inside of their folder', async t => {
  const at = await scratch(t)
  await writeFile(join(at, 'outside'), 'secret')
  const root = join(at, 'root')
  const files = localFiles(root)
  await files.replace('inner/file', Buffer.from('bytes'))
  await symlink('inner/file', join(root, 'fine'))
  assert.equal(String(await files.read('fine', 100)), 'bytes')
  await symlink('../outside', join(root, 'door'))
  await symlink('..', join(root, 'up'))
  await assert.rejects(files.read('door', 100), { code: 'CLI_PATH_ESCAPES' })
  await assert.rejects(files.read('../outside', 100), { code: 'CLI_PATH_ESCAPES' })
  await assert.rejects(files.read('up/outside', 100), { code: 'CLI_PATH_ESCAPES' })
  await assert.rejects(files.replace('up/made', Buffer.from('x')), { code: 'CLI_PATH_ESCAPES' })
  await assert.rejects(files.append('up/made/deeper', 0), { code: 'CLI_PATH_ESCAPES' })
  await assert.rejects(files.append('door', 0), { code: 'ELOOP' })
  assert.equal(await readFile(join(at, 'outside'), 'utf8'), 'secret')
  await assert.rejects(files.read('inner/file', 3), { code: 'CLI_FILE_TOO_LONG' })
  assert.equal(await files.read('none', 3), undefined)
})

test('writing goes on where it is told to, and cuts what is behind', async t => {
  const files = localFiles(join(await scratch(t), 'new'))
  const first = await files.append('a/b.partial', 0)
  await first.write(Buffer.from('0123456789'))
  await first.close()
  const second = await files.append('a/b.partial', 4)
  await second.write(Buffer.from('xy'))
  await second.close()
  await files.rename('a/b.partial', 'a/b')
  assert.equal(await files.size('a/b.partial'), undefined)
  assert.equal(Buffer.concat(await Array.fromAsync(files.stream('a/b', 2))).toString(), '23xy')
  await files.remove('a/b')
  assert.equal(await files.size('a/b'), undefined)
})

test('the same folder gives the same digest, and its bytes from any place', async t => {
  const at = await scratch(t)
  await mkdir(join(at, 'sub'))
  await writeFile(join(at, 'sub/one'), 'one'.repeat(50_000))
  await writeFile(join(at, 'two'), 'two')
  const make = async () => artifactOf(await itemsOf([at]), { artifactType: 'a/b', annotations: { by: 'me' } })
  const [a, b] = await Promise.all([make(), make()])
  const [first, second] = await Promise.all([a.manifest(undefined), b.manifest(undefined)])
  assert.equal(first.digest, second.digest)
  assert.deepEqual(
    first.manifest.layers.map(layer => layer.annotations?.['org.opencontainers.image.title']),
    ['sub', 'two'],
  )
  const [packed = assert.fail('no layer'), plain = assert.fail('no layer')] = first.manifest.layers
  const all = Buffer.concat(await Array.fromAsync(a.blob(packed, { at: 0 })))
  assert.equal(all.length, packed.size)
  assert.ok(all.subarray(100).equals(Buffer.concat(await Array.fromAsync(b.blob(packed, { at: 100 })))))
  await writeFile(join(at, 'two'), 'owt')
  await assert.rejects(Array.fromAsync(a.blob(plain, { at: 0 })), { code: 'OCI_SOURCE_CHANGED' })
  await writeFile(join(at, 'two'), 'longer')
  await assert.rejects(Array.fromAsync(a.blob(plain, { at: 0 })), { code: 'OCI_SOURCE_CHANGED' })
})
