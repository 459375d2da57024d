import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Descriptor, OCI, sha256 } from './digest.ts'
import { run } from './process.ts'

// One layer a package; the largest last, because the vfs stores of podman and buildah copy all layers below.
// perl-modules is the same for both platforms, so a blob is shared.
const PACKAGES = ['base-files', 'bash', 'perl-modules-5.36', 'libc6', 'libpython3.11-stdlib', 'libperl5.36', 'git']
const ARCHITECTURES = ['amd64', 'arm64'] as const

export type Image = {
  /** An OCI layout, its index.json naming one index of two platforms by the tag `v1`. */
  layout: string
  index: Descriptor
  /** By platform: the manifest's digest, and the digests of its config and layers. */
  platforms: Record<(typeof ARCHITECTURES)[number], { manifest: string; config: string; layers: string[] }>
  /** Every digest that a whole copy must hold. */
  manifests: string[]
  blobs: string[]
  /** Bytes of all blobs. */
  size: number
}

/**
 * A real image for amd64 and arm64 from Debian's own packages, over 50 MB. Made once into test/.peers.
 * apt runs with a state folder of its own, so the machine's architectures and lists stay as they are.
 */
export async function debianImage(): Promise<Image> {
  const cache = new URL('../../.peers/image', import.meta.url).pathname
  const layout = join(cache, 'layout')
  if (!existsSync(layout)) {
    mkdirSync(cache, { recursive: true })
    const draft = join(cache, `draft-${process.pid}`)
    await assemble(cache, draft)
    renameSync(draft, layout)
  }
  return describe(layout)
}

async function assemble(cache: string, layout: string): Promise<void> {
  mkdirSync(join(layout, 'blobs/sha256'), { recursive: true })
  const put = (mediaType: string, bytes: Uint8Array): Descriptor => {
    const digest = sha256(bytes)
    writeFileSync(blobPath(layout, digest), bytes)
    return { mediaType, digest, size: bytes.length }
  }
  const json = (mediaType: string, value: unknown) => put(mediaType, Buffer.from(JSON.stringify(value)))
  const manifests: Descriptor[] = []
  for (const architecture of ARCHITECTURES) {
    const tars = await packages(cache, architecture)
    const diffs = tars.map(sha256)
    const layers = tars.map(tar => put(OCI.layerGzip, gzipSync(tar, { level: 6 })))
    const config = json(OCI.config, {
      architecture,
      os: 'linux',
      ...(architecture === 'arm64' ? { variant: 'v8' } : {}),
      created: '2026-01-01T00:00:00Z',
      config: { Cmd: ['/bin/bash'], Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'] },
      rootfs: { type: 'layers', diff_ids: diffs },
      history: PACKAGES.map(name => ({
        created: '2026-01-01T00:00:00Z',
        created_by: `dpkg-deb --fsys-tarfile ${name}`,
      })),
    })
    const manifest = json(OCI.manifest, { schemaVersion: 2, mediaType: OCI.manifest, config, layers })
    const platform = { architecture, os: 'linux', ...(architecture === 'arm64' ? { variant: 'v8' } : {}) }
    manifests.push({ ...manifest, platform })
  }
  const index = json(OCI.index, { schemaVersion: 2, mediaType: OCI.index, manifests })
  const named = { ...index, annotations: { 'org.opencontainers.image.ref.name': 'v1' } }
  writeFileSync(
    join(layout, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: OCI.index, manifests: [named] }),
  )
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}

/** The packages' file trees as tars, in the order of PACKAGES. */
async function packages(cache: string, architecture: string): Promise<Uint8Array[]> {
  const root = join(cache, `apt-${architecture}`)
  rmSync(root, { recursive: true, force: true })
  for (const dir of ['lists/partial', 'cache/archives/partial', 'debs']) mkdirSync(join(root, dir), { recursive: true })
  writeFileSync(join(root, 'status'), '')
  const options = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'Dir::State': root,
    'Dir::State::lists': join(root, 'lists'),
    'Dir::State::status': join(root, 'status'),
    'Dir::Cache': join(root, 'cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '5',
  }
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  await run('apt-get', [...flags, '-qq', 'update'])
  await run('apt-get', [...flags, '-qq', 'download', ...PACKAGES], { cwd: join(root, 'debs') })
  const files = readdirSync(join(root, 'debs'))
  const tars = PACKAGES.map(name => {
    const file = files.find(one => one.startsWith(`${name}_`))
    if (file === undefined) throw new Error(`apt-get download gave no ${name} for ${architecture}`)
    return execFileSync('dpkg-deb', ['--fsys-tarfile', join(root, 'debs', file)], { maxBuffer: 1 << 30 })
  })
  rmSync(root, { recursive: true })
  return tars
}

function describe(layout: string): Image {
  const read = (digest: string) => JSON.parse(readFileSync(blobPath(layout, digest), 'utf8'))
  const top: { manifests: Descriptor[] } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'))
  const [index] = top.manifests
  if (index === undefined) throw new Error(`${layout} names no index`)
  const children: (Descriptor & { platform: { architecture: string } })[] = read(index.digest).manifests
  const one = (architecture: string) => {
    const child = children.find(entry => entry.platform.architecture === architecture)
    if (child === undefined) throw new Error(`${layout} has no ${architecture}`)
    const manifest: { config: Descriptor; layers: Descriptor[] } = read(child.digest)
    return { child, manifest }
  }
  const amd64 = one('amd64')
  const arm64 = one('arm64')
  const parts = [amd64, arm64].flatMap(({ manifest }) => [manifest.config, ...manifest.layers])
  const sizes = new Map(parts.map(part => [part.digest, part.size]))
  const digests = ({ child, manifest }: typeof amd64) => ({
    manifest: child.digest,
    config: manifest.config.digest,
    layers: manifest.layers.map(layer => layer.digest),
  })
  return {
    layout,
    index,
    platforms: { amd64: digests(amd64), arm64: digests(arm64) },
    manifests: [index.digest, amd64.child.digest, arm64.child.digest],
    blobs: [...sizes.keys()],
    size: [...sizes.values()].reduce((sum, size) => sum + size, 0),
  }
}

export function blobPath(layout: string, digest: string): string {
  return join(layout, 'blobs', ...digest.split(':'))
}
