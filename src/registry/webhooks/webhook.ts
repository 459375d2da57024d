import { z } from 'zod'
import { failure } from '../../kernel/index.ts'

/** `quarantine` comes with each `push`; nothing is held back. */
export const WEBHOOK_ACTIONS = ['push', 'delete', 'quarantine', 'chart_push', 'chart_delete'] as const
export type WebhookAction = (typeof WEBHOOK_ACTIONS)[number]

/** `acr`: Azure Container Registry's own JSON. `cloudevents`: CloudEvents 1.0, structured. */
const formats = ['acr', 'cloudevents'] as const
export type WebhookFormat = (typeof formats)[number]

export type Webhook = {
  readonly registryId: string
  /** `whk_…` */
  readonly id: string
  readonly name: string
  /** Scheme, host and port of where it goes; the rest of the URI is sealed, for it may be a secret. */
  readonly service: string
  /** `repo:tag`, `repo:*`, or '' for all. */
  readonly scope: string
  readonly actions: readonly WebhookAction[]
  readonly format: WebhookFormat
  readonly enabled: boolean
  /** Names only; the values are sealed. */
  readonly headerNames: readonly string[]
  /** UTC milliseconds: since when it has its key. */
  readonly keySetAt: number
  readonly createdAt: number
}

/** What is sealed, in one piece. */
export type WebhookSecrets = {
  readonly serviceUri: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** `whsec_…`, what requests are signed by. */
  readonly key: string
}

const secrets = z.object({ serviceUri: z.string(), headers: z.record(z.string(), z.string()), key: z.string() })

export function parseSecrets(text: string): WebhookSecrets {
  return secrets.parse(JSON.parse(text))
}

/** What the secrets of a webhook are sealed for. */
export function webhookContext({ registryId, id }: Pick<Webhook, 'registryId' | 'id'>): string {
  return `registries/${registryId}/webhooks/${id}`
}

/** As regions hear it. They open what is sealed by themselves, each time that they send. */
export const servedWebhook = z.object({
  registryId: z.string(),
  registryName: z.string(),
  id: z.string(),
  name: z.string(),
  service: z.string(),
  scope: z.string(),
  // An action of a later version is none of this one's events.
  actions: z.array(z.string()).transform(all => WEBHOOK_ACTIONS.filter(one => all.includes(one))),
  format: z.enum(formats),
  enabled: z.boolean(),
  sealed: z.string(),
})
export type ServedWebhook = z.output<typeof servedWebhook>

export const WebhookUnknown = failure('WEBHOOK_UNKNOWN', 404, (name: string) => ({
  says: `There is no webhook "${name}"`,
  next: 'List them: towpath webhook list',
}))

export const WebhookNameTaken = failure('WEBHOOK_NAME_TAKEN', 409, (name: string) => ({
  says: `There is a webhook "${name}" already`,
  next: 'Choose another name, or update that one',
}))

export const TooManyWebhooks = failure('WEBHOOK_LIMIT', 409, (most: number) => ({
  says: `The registry has ${most} webhooks, which is the most`,
  next: 'Delete one that nobody needs, or let one receiver hand events on',
}))

export const WebhookChanged = failure('WEBHOOK_CHANGED', 409, (name: string) => ({
  says: `Somebody else changed webhook "${name}" meanwhile`,
  next: 'Look at it, and change it again',
}))

export const WebhookRefused = failure('WEBHOOK_REFUSED', 400, (why: string, next: string) => ({ says: why, next }))
