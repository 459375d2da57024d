import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../kernel/index.ts'
import { packTar, type TarEntry } from './tar.ts'
import { unpackTar } from './untar.ts'

const file = (path: string, text: string, executable = false): TarEntry => ({
  kind: 'file',
  path,
  size: Buffer.byteLength(text),
  executable,
  async *bytes() {
    yield Buffer.from(text)
  },
})

const long = `${'folder-with-a-long-name/'.repeat(8)}datei-ü.txt`
const entries: TarEntry[] = [
  { kind: 'folder', path: 'a' },
  file('a/plain', 'text'),
  file('a/run', '#!/bin/sh\n', true),
  file('a/empty', ''),
  file(`a/${long}`, 'x'.repeat(1500)),
  { kind: 'link', path: 'a/link', target: `other/${long}` },
]

async function pack(all: TarEntry[]): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(packTar(all)))
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function unpack(bytes: Uint8Array, size = 700) {
  const all: object[] = []
  for await (const entry of unpackTar(inPieces(bytes, size))) {
    if (entry.kind !== 'file') all.push(entry)
    else
      all.push({
        path: entry.path,
        executable: entry.executable,
        text: Buffer.concat(await Array.fromAsync(entry.bytes())).toString(),
      })
  }
  return all
}

test('an archive is read back, whatever the pieces it comes in', async () => {
  const bytes = await pack(entries)
  const expected = await Promise.all(
    entries.map(async entry => {
      if (entry.kind !== 'file') return entry
      return {
        path: entry.path,
        executable: entry.executable,
        text: Buffer.concat(await Array.fromAsync(entry.bytes())).toString(),
      }
    }),
  )
  for (const size of [1, 511, 512, 100_000]) assert.deepEqual(await unpack(bytes, size), expected)
})

test('the system tar reads it, and what it writes is read', {
  skip: process.platform !== 'linux' && 'needs GNU tar',
}, async () => {
  const bytes = await pack(entries)
  const listed = execFileSync('tar', ['-tvf', '-', '--quoting-style=literal'], {
    input: bytes,
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
  })
  assert.match(listed, /^-rwxr-xr-x 0\/0 +10 1970-01-01 00:00 a\/run$/m)
  assert.ok(listed.includes(`a/${long}`) && listed.includes(`-> other/${long}`), listed)
  for (const format of ['gnu', 'pax', 'ustar']) {
    const made = execFileSync(
      'tar',
      ['-cf', '-', `--format=${format}`, '--transform', `s,.*,${'d/'.repeat(55)}x,`, 'tar.test.ts'],
      { cwd: import.meta.dirname },
    )
    const [one] = (await unpack(made)) as { path: string; text: string }[]
    assert.equal(one?.path, `${'d/'.repeat(55)}x`)
    assert.match(one?.text ?? '', /^import assert/)
  }
})

test('an entry that is not read is passed over', async () => {
  const seen: string[] = []
  for await (const entry of unpackTar(inPieces(await pack(entries), 600))) seen.push(entry.path)
  assert.deepEqual(
    seen,
    entries.map(entry => entry.path),
  )
})

test('a file that grows or shrinks while it is packed is an error', async () => {
  const liar = (size: number): TarEntry => ({ ...file('a', 'text'), size }) as TarEntry
  await assert.rejects(pack([liar(3)]), { code: 'CLI_FILE_CHANGED' })
  await assert.rejects(pack([liar(5)]), { code: 'CLI_FILE_CHANGED' })
})

test('any bytes are an archive or a failure', async () => {
  const good = await pack(entries.slice(0, 3))
  const damaged = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
    const copy = Buffer.from(good)
    copy[at] = byte
    return copy
  })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        damaged,
        fc.nat(good.length).map(end => good.subarray(0, end)),
      ),
      async bytes => {
        try {
          await unpack(bytes)
        } catch (error) {
          assert.ok(error instanceof Failure, String(error))
        }
      },
    ),
    { numRuns: 200 },
  )
})
