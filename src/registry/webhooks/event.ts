import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { FeedEntry, Ms } from '../../kernel/index.ts'
import { mediaTypes } from '../../oci/index.ts'
import type { WebhookAction } from './webhook.ts'

/** Something that happened to a repository, before it has the form that a hook wants. */
export type RepositoryEvent = {
  /** The same for the same entry of the feed, however often it is read: receivers know repetitions by it. */
  readonly id: string
  readonly action: WebhookAction | 'ping'
  readonly at: Ms
  readonly repository: string
  readonly tag?: string | undefined
  readonly digest?: string | undefined
  readonly mediaType?: string | undefined
  readonly size?: number | undefined
  readonly request?: { readonly id: string; readonly host: string; readonly userAgent: string } | undefined
}

/** As `announce` writes it; entries of an earlier version have no request and less of the rest. */
const body = z.object({
  repository: z.string(),
  tag: z.string().optional(),
  digest: z.string().optional(),
  size: z.number().optional(),
  mediaType: z.string().optional(),
  configMediaType: z.string().optional(),
  tags: z.array(z.string()).optional(),
  tagged: z.boolean().optional(),
  request: z.object({ id: z.string(), host: z.string(), userAgent: z.string() }).optional(),
})
type Body = z.output<typeof body>

const KINDS = ['manifest.put', 'tag.put', 'manifest.deleted']

/**
 * What an entry of a region's feed means to receivers. A push of a manifest with tags is one event a tag, one without is
 * one; a tag that is deleted is none, as at ACR. A chart is an image that was pushed, and a chart.
 */
export function eventsOf(region: string, entry: FeedEntry): RepositoryEvent[] {
  if (!KINDS.includes(entry.kind)) return []
  const said = body.parse(entry.body)
  if (said.tagged) return []
  const isChart = said.configMediaType === mediaTypes.helmConfig
  const made = entry.kind === 'manifest.deleted' ? deletions(said, isChart) : pushes(said, isChart)
  const { repository, digest, mediaType, size, request } = said
  return made.map(({ action, tag }, i) => ({
    ...{ id: eventId(region, entry.id, i), action, at: entry.createdAt },
    ...{ repository, tag, digest, mediaType, size, request },
  }))
}

type Made = { action: WebhookAction; tag?: string | undefined }

/** `quarantine` besides, as ACR has it where nothing is held back: a scanner hears of all that is new by it. */
function pushes({ tag }: Body, isChart: boolean): Made[] {
  const chart = isChart && tag !== undefined ? [{ action: 'chart_push' as const, tag }] : []
  return [{ action: 'push', tag }, ...chart, { action: 'quarantine', tag }]
}

function deletions({ tags = [] }: Body, isChart: boolean): Made[] {
  if (!isChart) return [{ action: 'delete' }]
  // A repository that is deleted whole loses its tags first.
  const named = tags.length > 0 ? tags : [undefined]
  return [{ action: 'delete' }, ...named.map(tag => ({ action: 'chart_delete' as const, tag }))]
}

/** A UUID (RFC 9562, version 8) of what never changes: the entry's own id outlives a restored backup, its number does not. */
export function eventId(region: string, entryId: string, at: number): string {
  const hash = createHash('sha256').update(`${region}/${entryId}/${at}`).digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
