import { type Descriptor, type FetchedManifest, formatPlatform, type Source } from '../../oci/index.ts'
import { textOf } from '../output.ts'
import type { Output } from '../output-options.ts'
import { titleOf } from './artifact.ts'
import { sourceAt } from './copy.ts'
import { hostIn, parseEndpoint } from './endpoint.ts'
import { formatBytes } from './progress.ts'
import { type Common, runAction } from './session.ts'

export type InspectOptions = Common & Output & { readonly referrers?: boolean }

type Node = {
  readonly digest: string
  readonly mediaType: string
  readonly size: number
  readonly artifactType?: string
  readonly platform?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly subject?: Descriptor
  readonly config?: Descriptor
  readonly layers?: readonly Descriptor[]
  readonly manifests?: readonly Node[]
  readonly referrers?: readonly Descriptor[]
}

/** `towpath oci inspect <reference>`: what a name stands for, down to its layers. */
export function inspect(reference: string, options: InspectOptions): Promise<void> {
  return runAction(options, hostIn(reference), async session => {
    const endpoint = parseEndpoint(reference)
    const from = await sourceAt(session, endpoint)
    const root = await nodeOf(from, await from.manifest(endpoint.name, session.signal), {
      depth: 0,
      ...options,
      signal: session.signal,
    })
    const asTree = options.output === 'table' && options.query === undefined
    session.print(asTree ? treeOf(root).join('\n') : (await textOf(options, root)).trimEnd())
  })
}

type Walk = { depth: number; referrers?: boolean; signal: AbortSignal; platform?: string }

async function nodeOf(from: Source, found: FetchedManifest, walk: Walk): Promise<Node> {
  const { manifest, digest, mediaType, size } = found
  const manifests: Node[] = []
  // Two levels are what platforms need; deeper ones are shown by their digests when asked for.
  for (const child of walk.depth < 2 ? manifest.manifests : []) {
    const platform = formatPlatform(child.platform)
    const inner = await from.manifest(child.digest, walk.signal)
    manifests.push(await nodeOf(from, inner, { ...walk, depth: walk.depth + 1, platform }))
  }
  return {
    digest,
    mediaType,
    size,
    ...(manifest.artifactType === undefined ? {} : { artifactType: manifest.artifactType }),
    ...(walk.platform ? { platform: walk.platform } : {}),
    ...(Object.keys(manifest.annotations).length === 0 ? {} : { annotations: manifest.annotations }),
    ...(manifest.subject ? { subject: manifest.subject } : {}),
    ...(manifest.kind === 'index'
      ? { manifests }
      : { ...(manifest.config ? { config: manifest.config } : {}), layers: manifest.layers }),
    ...(walk.referrers ? { referrers: await Array.fromAsync(from.referrers(digest, walk.signal)) } : {}),
  }
}

export function treeOf(node: Node, title = node.platform ?? ''): string[] {
  const parts: string[][] = [
    ...(node.subject ? [[`subject ${node.subject.digest}`]] : []),
    ...(node.config ? [[line('config', node.config)]] : []),
    ...(node.layers ?? []).map(layer => [line(clean(layer.annotations?.[titleOf] ?? 'layer'), layer)]),
    ...(node.manifests ?? []).map(child => treeOf(child, child.platform ?? 'manifest')),
    ...(node.referrers ?? []).map(one => [line(`referrer ${clean(one.artifactType ?? '')}`, one)]),
  ]
  const total = node.layers
    ? `, ${formatBytes(node.layers.reduce((sum, layer) => sum + layer.size, 0))} in ${node.layers.length} layers`
    : ''
  const head = `${title === '' ? '' : `${clean(title)} `}${node.digest}  ${clean(node.mediaType)}${total}`
  const below = parts.flatMap((lines, at) => {
    const last = at === parts.length - 1
    return lines.map((text, row) => `${row === 0 ? (last ? '└─ ' : '├─ ') : last ? '   ' : '│  '}${text}`)
  })
  return [head, ...below]
}

function line(label: string, { digest, size, mediaType }: Descriptor): string {
  return `${label} ${digest}  ${clean(mediaType)}, ${formatBytes(size)}`
}

// Names in manifests are made by strangers, and terminals obey escape sequences.
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '�').slice(0, 120)
}
