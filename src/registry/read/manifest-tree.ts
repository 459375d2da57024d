import { list, type ReadTx, sql } from '../../kernel/index.ts'
import { type Descriptor, type Digest, formatPlatform, type Manifest } from '../../oci/index.ts'
import type { RepoRef } from '../content/change.ts'
import { listReferrers } from './lists.ts'
import type { StoredManifest } from './manifests.ts'
import type { Metadata } from './metadata.ts'
import { parseStored, shownAnnotations } from './stored.ts'

/** A blob that a manifest names. */
export type Part = {
  readonly digest: Digest
  readonly mediaType: string
  /** Of the bytes that are here; what the manifest says, where none are. */
  readonly size: number
  /** Foreign layers may be elsewhere only. */
  readonly here: boolean
  /** So many repositories of the registry hold it, this one too; `SHARED` where it is as many or more. */
  readonly repositories: number
  /** So many manifests of this repository refer to it; `SHARED` where it is as many or more. */
  readonly manifests: number
  readonly title: string
}

/** A manifest that an index lists, or one that says something about another. */
export type Entry = {
  readonly digest: Digest
  readonly mediaType: string
  readonly size: number
  readonly here: boolean
  /** `linux/arm64/v8`; '' where none is said. */
  readonly platform: string
  readonly artifactType: string
  readonly annotations: Readonly<Record<string, string>>
  /** All bytes that it leads to; missing where that is not known. */
  readonly imageSize?: number
}

/** What a manifest consists of and what belongs to it. What is more than `SHOWN` of a kind is left out, and counted. */
export type ManifestTree = {
  readonly kind: Manifest['kind']
  readonly size: number
  readonly artifactType: string
  readonly annotations: Readonly<Record<string, string>>
  /** '' where it is about no other. */
  readonly subject: string
  readonly config?: Part
  readonly layers: readonly Part[]
  readonly moreLayers: number
  readonly entries: readonly Entry[]
  readonly moreEntries: number
  readonly referrers: readonly Entry[]
  readonly moreReferrers: boolean
  /** The first few indexes of the repository that list it. */
  readonly listedBy: readonly Digest[]
}

/** An image has 127 layers at most; indexes and referrers are few. */
const SHOWN = 200
export const SHARED = 101
const LISTED_BY = 10
const LONGEST_TITLE = 1000

export async function readTree(
  { read, metadata }: { read: ReadTx; metadata: Metadata },
  repo: RepoRef,
  stored: StoredManifest,
): Promise<ManifestTree> {
  const { digest, bytes } = stored
  const manifest = parseStored(stored)
  const { config, layers, manifests } = manifest
  const page = { n: SHOWN, last: '', artifactType: '' }
  const { items, next } = await listReferrers(read, repo, digest, page)
  const [configPart, ...parts] = await partsOf(read, repo, [config, ...layers.slice(0, SHOWN)])
  return {
    kind: manifest.kind,
    size: bytes.length,
    artifactType: manifest.artifactType ?? '',
    annotations: shownAnnotations(manifest.annotations),
    subject: manifest.subject?.digest ?? '',
    ...(configPart ? { config: configPart } : {}),
    layers: parts.flatMap(part => part ?? []),
    moreLayers: Math.max(0, layers.length - SHOWN),
    entries: await entriesOf(metadata, repo, manifests.slice(0, SHOWN)),
    moreEntries: Math.max(0, manifests.length - SHOWN),
    // Written by this house out of a manifest that it checked.
    referrers: await entriesOf(
      metadata,
      repo,
      items.map(item => JSON.parse(item) as Descriptor),
    ),
    moreReferrers: next !== undefined,
    listedBy: await listedBy(read, repo, digest),
  }
}

type PartRow = { digest: string; size: number; repositories: number; manifests: number }

async function partsOf(read: ReadTx, repo: RepoRef, named: readonly (Descriptor | undefined)[]) {
  const { registryId, repository } = repo
  const digests = named.flatMap(one => one?.digest ?? [])
  // Each count ends at SHARED rows of its index, however many more there are.
  const rows = await read.all<PartRow>(sql`select b.digest, b.size,
    (select count(*) from (select 1 from repository_blob o where o.registry_id = b.registry_id
      and o.digest = b.digest limit ${SHARED}) x) as repositories,
    (select count(*) from (select 1 from manifest_reference r where r.registry_id = b.registry_id
      and r.repository = b.repository and r.target = b.digest limit ${SHARED}) y) as manifests
    from repository_blob b where b.registry_id = ${registryId} and b.repository = ${repository}
    and b.digest in (${list(digests)})`)
  const held = new Map(rows.map(row => [row.digest, row]))
  return named.map((one): Part | undefined => {
    if (!one) return undefined
    const { repositories = 0, manifests = 0, size = one.size } = held.get(one.digest) ?? {}
    const { digest, mediaType, annotations } = one
    const title = (annotations?.['org.opencontainers.image.title'] ?? '').slice(0, LONGEST_TITLE)
    return { digest, mediaType, size, here: held.has(digest), repositories, manifests, title }
  })
}

async function entriesOf(metadata: Metadata, repo: RepoRef, named: readonly Descriptor[]): Promise<Entry[]> {
  if (named.length === 0) return []
  const held = await metadata.manifestFacts(
    repo,
    named.map(one => one.digest),
  )
  return named.map(({ digest, mediaType, size, platform, artifactType, annotations = {} }) => {
    const facts = held.get(digest)
    // What an index says first: its entry knows the variant, too.
    const own = facts?.described?.os ? `${facts.described.os}/${facts.described.architecture}` : ''
    const imageSize = facts?.described?.imageSize
    return {
      ...{ digest, mediaType, size, here: facts !== undefined, platform: formatPlatform(platform) || own },
      ...{ artifactType: artifactType ?? '', annotations: shownAnnotations(annotations) },
      ...(imageSize === undefined ? {} : { imageSize }),
    }
  })
}

async function listedBy(read: ReadTx, { registryId, repository }: RepoRef, digest: Digest): Promise<Digest[]> {
  const rows = await read.all<{ digest: Digest }>(sql`select digest from manifest_reference
    where registry_id = ${registryId} and repository = ${repository} and target = ${digest}
    order by digest limit ${LISTED_BY}`)
  return rows.map(row => row.digest)
}
