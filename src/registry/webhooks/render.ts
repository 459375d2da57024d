import type { RepositoryEvent } from './event.ts'
import type { WebhookFormat } from './webhook.ts'

/** Where events come from, for receivers of several. */
export type EventSource = { readonly registryName: string; readonly region: string }

/** The body of the request, and its type unless a header of the hook says another. */
export function render(format: WebhookFormat, event: RepositoryEvent, source: EventSource) {
  const content = acrContent(event)
  if (format === 'acr') return { contentType: 'application/json', text: JSON.stringify(content) }
  const { registryName, region } = source
  const envelope = {
    specversion: '1.0',
    id: event.id,
    source: `/registries/${registryName}/regions/${region}`,
    type: CLOUD_TYPES[event.action],
    ...(event.repository === '' ? {} : { subject: imageOf(event) }),
    time: timeOf(event),
    datacontenttype: 'application/json',
    data: { ...content, location: region },
  }
  return { contentType: 'application/cloudevents+json; charset=utf-8', text: JSON.stringify(envelope) }
}

/** What Azure's Event Grid calls them, so that what listens to it understands; where it has no word, one of ours. */
const CLOUD_TYPES: Readonly<Record<RepositoryEvent['action'], string>> = {
  push: 'Microsoft.ContainerRegistry.ImagePushed',
  delete: 'Microsoft.ContainerRegistry.ImageDeleted',
  quarantine: 'Towpath.Webhook.Quarantine',
  chart_push: 'Microsoft.ContainerRegistry.ChartPushed',
  chart_delete: 'Microsoft.ContainerRegistry.ChartDeleted',
  ping: 'Towpath.Webhook.Ping',
}

/** `repo:tag`; `repo@digest` where there is no tag. */
export function imageOf({ repository, tag, digest }: RepositoryEvent): string {
  if (tag !== undefined) return `${repository}:${tag}`
  return digest === undefined ? repository : `${repository}@${digest}`
}

/** With nanoseconds, as ACR writes it; ours has milliseconds. */
function timeOf({ at }: RepositoryEvent): string {
  return new Date(at).toISOString().replace('Z', '000000Z')
}

/** The JSON of ACR's webhook reference. */
function acrContent(event: RepositoryEvent): Record<string, unknown> {
  const { id, action, request } = event
  const head = { id, timestamp: timeOf(event), action }
  if (action === 'ping') return head
  if (action === 'chart_push' || action === 'chart_delete') return { ...head, target: chartTarget(event) }
  const method = action === 'delete' ? 'DELETE' : 'PUT'
  const agent = action === 'quarantine' ? {} : { useragent: request?.userAgent }
  const asked = request && { id: request.id, host: request.host, method, ...agent }
  return { ...head, target: imageTarget(event), ...(asked ? { request: asked } : {}) }
}

function imageTarget({ action, mediaType, size, digest, repository, tag }: RepositoryEvent) {
  if (action === 'delete') return { mediaType, digest, repository }
  if (action === 'quarantine') return { size, digest, length: size, repository, tag }
  return { mediaType, size, digest, length: size, repository, tag }
}

/** ACR's charts were files: a chart in an OCI repository is named after its last part, as `helm push` does. */
function chartTarget({ size, digest, repository, tag }: RepositoryEvent) {
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  const target = { mediaType: 'application/vnd.acr.helm.chart', size, digest, repository }
  return tag === undefined ? { ...target, name } : { ...target, tag: `${name}-${tag}.tgz`, name, version: `${tag}.tgz` }
}
