import type { Webhook, WebhookEvent } from '../../../../src/api/index.ts'
import type { Tone } from '../../ui/badge.tsx'

export const ACTIONS: readonly { value: Webhook['actions'][number]; says: string }[] = [
  { value: 'push', says: 'A manifest or tag is pushed' },
  { value: 'delete', says: 'A manifest or a repository is deleted' },
  { value: 'quarantine', says: 'With each push, for scanners that listen to it; nothing is held back' },
  { value: 'chart_push', says: 'A Helm chart is pushed' },
  { value: 'chart_delete', says: 'A Helm chart is deleted' },
]

export const FORMATS: readonly { value: Webhook['format']; label: string }[] = [
  { value: 'acr', label: 'As Azure Container Registry sends it' },
  { value: 'cloudevents', label: 'CloudEvents 1.0' },
]

export const STATES: Record<WebhookEvent['state'], { says: string; tone: Tone }> = {
  pending: { says: 'Waits', tone: 'water' },
  delivered: { says: 'Delivered', tone: 'good' },
  dead: { says: 'Given up', tone: 'danger' },
}
