import type { Digest } from '../digest.ts'
import { each } from './each.ts'
import type { Blob, Outcome, Source, Target } from './ends.ts'
import { type Plan, planCopy } from './plan.ts'

export type CopyOptions = {
  readonly from: Source
  readonly to: Target
  /** What to copy: a tag or a digest; undefined is what there is but one of. */
  readonly name: string | undefined
  /** What it is called there; by its digest alone where not said. */
  readonly tag?: string
  /** Signatures and documents that refer to it as well. */
  readonly referrers?: boolean
  readonly concurrency?: number
  readonly chunkBytes?: number
  readonly onPlan?: (plan: Plan) => void
  readonly onBlob?: (blob: Blob & { mediaType: string }, at: number, outcome: Outcome | undefined) => void
  readonly signal?: AbortSignal | undefined
}

export type Copied = {
  readonly digest: Digest
  readonly mediaType: string
  readonly manifests: number
  readonly blobs: Readonly<Record<Outcome, number>>
  readonly bytesSent: number
}

/** Copies a manifest and all that it leads to: blobs first, then manifests from the leaves up, so that no name leads into a gap. */
export async function copyContent(options: CopyOptions): Promise<Copied> {
  const { from, to, name, tag, signal, onBlob } = options
  const plan = await planCopy(from, name, { ...(options.referrers ? { referrers: true } : {}), signal })
  options.onPlan?.(plan)
  const blobs = { present: 0, mounted: 0, sent: 0 }
  let bytesSent = 0
  const mountFrom = sibling(from, to)
  await each(plan.blobs, options.concurrency ?? 4, async blob => {
    const outcome = await to.putBlob(blob, start => from.blob(blob, start, signal), {
      ...(mountFrom === undefined ? {} : { mountFrom }),
      ...(options.chunkBytes === undefined ? {} : { chunkBytes: options.chunkBytes }),
      onBytes: at => onBlob?.(blob, at, undefined),
      signal,
    })
    blobs[outcome]++
    if (outcome === 'sent') bytesSent += blob.size
    onBlob?.(blob, blob.size, outcome)
  })
  for (const { bytes, mediaType, digest, top } of plan.manifests) {
    const named = digest === plan.root.digest && tag !== undefined ? { tag } : {}
    await to.putManifest({ bytes, mediaType, digest, top, ...named }, signal)
  }
  return {
    digest: plan.root.digest,
    mediaType: plan.root.mediaType,
    manifests: plan.manifests.length,
    blobs,
    bytesSent,
  }
}

function sibling({ repository: a }: Source, { repository: b }: Target): string | undefined {
  return a && b && a.host === b.host && a.repository !== b.repository ? a.repository : undefined
}
