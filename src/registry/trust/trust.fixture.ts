import { generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Digest, mediaTypes, parseDigest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import type { ServedPolicy } from '../policies/policy.ts'
import { bytesOf, pushBlob, TESTER } from '../registry.fixture.ts'
import type { Registry } from '../registry.ts'
import { COSIGN_SIGNATURE, layerTypes } from './media-types.ts'

type Recorded = {
  keys: Record<'cosign' | 'rsa' | 'ed' | 'other', string>
  repositories: Record<
    'app' | 'rsa' | 'ed',
    {
      manifests: { digest: string; tags: string[]; text: string }[]
      blobs: { digest: string; base64: string }[]
    }
  >
}

/** What cosign 3.1.3 left in a registry: docs/decisions/2026-11-25-supply-chain.md has the commands. */
const recorded = JSON.parse(readFileSync(new URL('./cosign-signed.json', import.meta.url), 'utf8')) as Recorded

export const PEMS = recorded.keys
/** v1 is signed by a bundle and has an attestation beside it, v2 in the first form, by tag and as a referrer. */
export const V1 = parseDigest('sha256:193f286a8845f6f08833b7666632787eaac6289d228941303fab48cded35ba4b')
export const V2 = parseDigest('sha256:4e97cbc9390d5cd09e75e3cc67df466c7b56d59ad699ce7144ce936055a952c2')

export function recordedManifest(digest: string): string {
  const all = Object.values(recorded.repositories).flatMap(one => one.manifests)
  return all.find(one => one.digest === digest)?.text ?? ''
}

export function recordedBlob(digest: string): Buffer {
  const all = Object.values(recorded.repositories).flatMap(one => one.blobs)
  return Buffer.from(all.find(one => one.digest === digest)?.base64 ?? '', 'base64')
}

/** The first layer of a recorded manifest. */
export function recordedLayer(digest: string): { bytes: Buffer; annotations: Record<string, string> } {
  const { layers } = JSON.parse(recordedManifest(digest)) as {
    layers: { digest: string; annotations?: Record<string, string> }[]
  }
  return { bytes: recordedBlob(layers[0]?.digest ?? ''), annotations: layers[0]?.annotations ?? {} }
}

export const SIGNED = {
  /** Of v1. */
  bundle: 'sha256:7e9a1ee71880d03be833907291711e16d0fb20eb0cf1ee03ae7781dba6d4f4c8',
  attestation: 'sha256:dc9ce263677eb3eb5730448ff732073825d1c81f01def001c125ff0a9c4f35be',
  /** Of v2. */
  tagged: 'sha256:33c70675dbd15a712d33401d86b85edd7cd149a0d9dc7568cde2b3e63f2f3488',
  referring: 'sha256:be9bd37888be512de07e94ce081ac8db8ca686b70c6885d123c2f749dd081e1f',
  taggedAttestation: 'sha256:11705d40c04628bb90636bc9c6e908088f4483f2964a56687e18c806d5895f71',
} as const

/** Pushes what cosign left in the recorded repository: all of it, or the manifests named. */
export async function pushRecorded(
  registry: Registry,
  to: RepoRef,
  from: keyof Recorded['repositories'] = 'app',
  only?: readonly string[],
): Promise<void> {
  const { manifests, blobs } = recorded.repositories[from]
  for (const { digest, base64 } of blobs) {
    await registry.pushBlob(to, digest as Digest, bytesOf(Buffer.from(base64, 'base64')))
  }
  for (const { digest, tags, text } of manifests) {
    if (only && !only.includes(digest)) continue
    await registry.putManifest(to, { bytes: Buffer.from(text), tags, digest: digest as Digest }, TESTER)
  }
}

type PolicyParts = { name?: string; repositories?: string; refuse?: boolean; registryId?: string }

export function trustPolicy(keys: Record<string, string>, parts: PolicyParts = {}): ServedPolicy {
  const { name = 'signed', repositories = '*', refuse = true, registryId = 'reg_default' } = parts
  const settings = { keys: Object.entries(keys).map(([key, pem]) => ({ name: key, pem })), refuse }
  return { registryId, id: `pol_${name}`, name, repositories, kind: 'trust', settings }
}

/** A key of a test, and cosign's first form of a signature by it: as a referrer, so that each has a place of its own. */
export function newSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  return {
    pem,
    async sign(registry: Registry, to: RepoRef, subject: Digest): Promise<Digest> {
      const image = { 'docker-manifest-digest': subject }
      const critical = { identity: {}, image, type: 'cosign container image signature' }
      const payload = JSON.stringify({ critical, optional: null })
      const signature = sign('sha256', Buffer.from(payload), privateKey).toString('base64')
      return pushEvidence(registry, to, subject, {
        ...{ artifactType: COSIGN_SIGNATURE, mediaType: layerTypes.simpleSigning, text: payload },
        annotations: { 'dev.cosignproject.cosign/signature': signature },
      })
    },
  }
}

type EvidenceParts = { artifactType: string; mediaType: string; text: string; annotations?: Record<string, string> }

/** Something of one layer that refers to a manifest. */
export async function pushEvidence(registry: Registry, to: RepoRef, subject: Digest, parts: EvidenceParts) {
  const { artifactType, mediaType, text, annotations = {} } = parts
  const config = await pushBlob(registry, to, '{}')
  const layer = await pushBlob(registry, to, text)
  const manifest = {
    ...{ schemaVersion: 2, mediaType: mediaTypes.ociManifest, artifactType },
    config: { mediaType: mediaTypes.ociEmpty, digest: config, size: 2 },
    layers: [{ mediaType, digest: layer, size: Buffer.byteLength(text), annotations }],
    subject: { mediaType: mediaTypes.ociManifest, digest: subject, size: 2 },
  }
  const { digest } = await registry.putManifest(to, { bytes: Buffer.from(JSON.stringify(manifest)), tags: [] }, TESTER)
  return digest
}
