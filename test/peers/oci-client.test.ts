import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { createHttpClient, systemClock } from '../../src/kernel/index.ts'
import { createOciClient, httpSend, type OciClient, parseDigest } from '../../src/oci/index.ts'
import { type ContainerTool, containerTool } from './support/containers.ts'
import { sha256 } from './support/digest.ts'
import { debianImage, type Image } from './support/image.ts'
import { freePort, type Running, run, start, until } from './support/process.ts'
import { type Registry, startRegistry } from './support/registry.ts'
import { debianPeer } from './support/tools.ts'
import { assertHeld, assertServed } from './support/whole.ts'

const towpath = new URL('../../bin/towpath.mjs', import.meta.url).pathname
const dir = mkdtempSync(join(tmpdir(), 'towpath-oci-'))
let ours: Registry
let debians: { host: string; running: Running }
let image: Image
let skopeo: ContainerTool
let env: NodeJS.ProcessEnv

before(async () => {
  image = await debianImage()
  ours = await startRegistry()
  debians = await startPlainRegistry()
  skopeo = containerTool('skopeo', ours.host, ours.login)
  const { TOWPATH_HOME: _, ...rest } = process.env
  const { user, password } = ours.login
  const source = { TOWPATH_SOURCE_HOST: ours.host, TOWPATH_SOURCE_USERNAME: user, TOWPATH_SOURCE_PASSWORD: password }
  env = { ...rest, ...source, HOME: dir, TOWPATH_PASSWORD: password }
})
after(async () => {
  skopeo?.close()
  await debians?.running.stop()
  await ours?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** Debian's docker-registry as its package sets it up: files, no sign-in. */
async function startPlainRegistry(): Promise<typeof debians> {
  const host = `127.0.0.1:${await freePort()}`
  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(dir, 'debian') }, delete: { enabled: true } },
    http: { addr: host },
  }
  writeFileSync(join(dir, 'config.yml'), JSON.stringify(config))
  const running = start(debianPeer('docker-registry'), ['serve', join(dir, 'config.yml')], { log: join(dir, 'log') })
  await until('docker-registry', async () => (await fetch(`http://${host}/v2/`)).ok, { context: running.output })
  return { host, running }
}

const oci = (...args: string[]) => run(process.execPath, [towpath, 'oci', ...args], { env, timeoutMs: 60_000 })

test('an image goes from a layout to this registry, to docker-registry and back to a layout that skopeo reads', async () => {
  const first = `${ours.host}/client/debian:v1`
  assert.equal(await oci('push', image.layout, first), `${first}@${image.index.digest}\n`)
  await assertServed(ours.wire, 'client/debian', 'v1', image)
  await oci('copy', first, `${debians.host}/debian:v2`)
  const folder = join(dir, 'back')
  await oci('copy', `${debians.host}/debian:v2`, `oci:${folder}`)
  assertHeld(join(folder, 'blobs/sha256'), [...image.blobs, ...image.manifests])
  const raw = await skopeo('inspect', '--raw', `oci:${folder}:v2`)
  assert.equal(sha256(raw), image.index.digest)
  const third = `docker://${ours.host}/client/by-skopeo:v3`
  await skopeo('copy', '--all', '--preserve-digests', '--dest-tls-verify=false', `oci:${folder}:v2`, third)
  await assertServed(ours.wire, 'client/by-skopeo', 'v3', image)
})

test('a layout that skopeo wrote is pushed, and what skopeo pushed is pulled', async () => {
  const folder = join(dir, 'by-skopeo')
  await skopeo('copy', '--all', '--preserve-digests', `oci:${image.layout}:v1`, `oci:${folder}:v9`)
  const to = `${debians.host}/from-skopeo:v9`
  assert.equal(await oci('push', folder, to), `${to}@${image.index.digest}\n`)
  await oci('pull', to, '--layout', '-o', join(dir, 'pulled'))
  assertHeld(join(dir, 'pulled/blobs/sha256'), [...image.blobs, ...image.manifests])
})

test('a folder comes back as it was, from both registries', async () => {
  const folder = join(dir, 'site')
  mkdirSync(join(folder, 'sub/deep'), { recursive: true })
  writeFileSync(join(folder, 'big'), Buffer.alloc(20_000_000, 'towpath'))
  writeFileSync(join(folder, 'sub/deep/ü'), 'inner')
  const digests = new Set<string>()
  for (const host of [ours.host, debians.host]) {
    const to = `${host}/site:1`
    digests.add((await oci('push', folder, to)).split('@')[1] ?? '')
    await oci('push', '--chunk-size', '1000000', join(folder, 'big'), `${host}/chunked:1`)
    const back = join(dir, `back-${host}`)
    await oci('pull', to, '-o', back)
    await run('diff', ['-r', folder, back])
    assert.match(await oci('ls', host), /^site$/m)
    assert.equal(await oci('ls', `${host}/site`), '1\n')
    const shown = JSON.parse(await oci('inspect', to, '--output', 'json'))
    assert.deepEqual(shown.layers.map((layer: { size: number }) => layer.size)[0], 20_000_000)
  }
  assert.equal(digests.size, 1)
})

test('transfers of 40 MB go on after cuts, in both directions', async t => {
  const bytes = Buffer.alloc(40_000_000, 'a towpath is the paved way beside a canal. ')
  const digest = parseDigest(sha256(bytes))
  const blob = { digest, size: bytes.length }
  // docker-registry 2.8 forgets an upload that was cut, so that one begins anew each time.
  const goals = [
    { host: ours.host, cuts: 5, pushed: 1.5 * bytes.length },
    { host: debians.host, cuts: 2, pushed: 3 * bytes.length },
  ]
  for (const { host, cuts, pushed } of goals) {
    const up = await cuttingProxy(t, host, { each: 7_000_000, most: cuts })
    const outcome = await clientFor(t, up.host).pushBlob(
      { host: up.host, repository: 'cuts' },
      blob,
      async function* (from) {
        for (let at = from; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
      },
    )
    assert.equal(outcome, 'sent')
    assert.equal(up.cuts(), cuts)
    assert.ok(up.passed() < pushed, `${up.passed()} bytes to push ${bytes.length}`)
    const down = await cuttingProxy(t, host, { each: 7_000_000, most: 5 })
    let size = 0
    // It ends without an error only where the digest is right.
    for await (const chunk of clientFor(t, down.host).pullBlob({ host: down.host, repository: 'cuts' }, blob))
      size += chunk.length
    assert.equal(size, bytes.length)
    assert.equal(down.cuts(), 5)
    assert.ok(down.passed() < 1.5 * bytes.length, `${down.passed()} bytes to pull ${bytes.length}`)
  }
})

test('a pull that is killed leaves partial files, and the same command finishes it', async t => {
  const name = `${debians.host}/kill:1`
  await oci('push', image.layout, name)
  const proxy = await cuttingProxy(t, debians.host, { each: 3_000_000, most: Number.POSITIVE_INFINITY, stall: true })
  const folder = join(dir, 'killed')
  const pull = start(process.execPath, [towpath, 'oci', 'pull', `${proxy.host}/kill:1`, '--layout', '-o', folder], {
    log: join(dir, 'killed.log'),
    env,
  })
  await until('bytes in a partial file', async () => proxy.cuts() >= 2)
  await pull.stop('SIGKILL')
  const before = Number(await run('du', ['-sb', folder]).then(text => text.split('\t')[0]))
  assert.ok(before > 1_000_000, `${before} bytes were kept`)
  const counting = await cuttingProxy(t, debians.host, { each: Number.POSITIVE_INFINITY, most: 0 })
  await oci('pull', `${counting.host}/kill:1`, '--layout', '-o', folder)
  assertHeld(join(folder, 'blobs/sha256'), [...image.blobs, ...image.manifests])
  assert.ok(
    counting.passed() < image.size - before + 1_000_000,
    `${counting.passed()} bytes after ${before} of ${image.size}`,
  )
  assert.ok(!readFileSync(join(folder, 'index.json'), 'utf8').includes('partial'))
})

test('exit codes tell what happened', async () => {
  const code = async (...args: string[]) => {
    try {
      await oci(...args)
    } catch (error) {
      return error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? error.cause.code : error
    }
    return 0
  }
  assert.equal(await code('ls', ours.host), 0)
  assert.equal(await code('ls', 'x y'), 2)
  assert.equal(await code('ls', ours.host, '--username', 'nobody'), 3)
  assert.equal(await code('inspect', `${ours.host}/no/such:1`), 4)
  assert.equal(await code('ls', `127.0.0.1:${await freePort()}`), 6)
})

function clientFor(t: TestContext, host: string): OciClient {
  const clock = systemClock('peer')
  const http = createHttpClient({ clock, allowPrivate: true })
  t.after(() => http.close())
  const { user, password } = ours.login
  return createOciClient({
    clock,
    send: httpSend(http),
    credentials: asked => (asked === host ? { username: user, password } : undefined),
  })
}

type Cuts = { each: number; most: number; stall?: boolean }

/** Passes bytes on; a connection on which one side has sent `each` bytes is cut (or stalls), at most `most` of them. */
async function cuttingProxy(t: TestContext, target: string, { each, most, stall }: Cuts) {
  const sockets = new Set<Socket>()
  let cuts = 0
  let passed = 0
  const server = createServer(near => {
    const [host = '', port] = target.split(':')
    const far = connect(Number(port), host)
    const pass = (from: Socket, to: Socket) => {
      let seen = 0
      from.on('data', chunk => {
        seen += chunk.length
        passed += chunk.length
        if (seen > each && cuts < most) {
          cuts++
          if (stall) return from.pause()
          near.destroy()
          far.destroy()
          return undefined
        }
        if (!to.write(chunk)) from.pause()
        return undefined
      })
      to.on('drain', () => from.resume())
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
    for (const socket of [near, far]) sockets.add(socket.once('close', () => sockets.delete(socket)))
    pass(near, far)
    pass(far, near)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    host: `127.0.0.1:${address.port}`,
    cuts: () => cuts,
    passed: () => passed,
  }
}
