import { z } from 'zod'

const status = z.enum(['enabled', 'disabled'])
const action = z.enum(['push', 'delete', 'quarantine', 'chart_push', 'chart_delete'])
const actions = z.array(action).min(1).max(5)
const format = z.enum(['acr', 'cloudevents'])
/** `repo:tag`, `repo:*`, `repo` (its tag `latest`), or '' for all. */
const scope = z.string().max(400)
const serviceUri = z.url({ protocol: /^https?$/ }).max(2000)
/** Sent with each request. The values are sealed and never told. */
const customHeaders = z.record(z.string().min(1).max(100), z.string().max(2000))

export const webhookShape = z.object({
  id: z.string(),
  name: z.string(),
  /** Scheme, host and port; the rest of the URI is sealed, as it may be a secret. */
  service: z.string(),
  scope: z.string(),
  actions: z.array(action),
  format,
  status,
  headerNames: z.array(z.string()),
  createdAt: z.int(),
  /** UTC milliseconds. */
  keySetAt: z.int(),
  /** `whsec_…`, by which the receiver checks what it gets; only where it was made just now. */
  key: z.string().optional(),
})
export type Webhook = z.output<typeof webhookShape>

export const webhookList = z.object({ webhooks: z.array(webhookShape) })

export const webhookBody = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9]{5,50}$/, '5 to 50 letters and digits'),
  serviceUri,
  actions,
  scope: scope.default(''),
  customHeaders: customHeaders.default({}),
  format: format.default('acr'),
  status: status.default('enabled'),
})
export type WebhookBody = z.input<typeof webhookBody>

/** What is left out stays; headers are replaced all together. */
export const webhookChange = z.strictObject({
  serviceUri: serviceUri.optional(),
  actions: actions.optional(),
  scope: scope.optional(),
  customHeaders: customHeaders.optional(),
  format: format.optional(),
  status: status.optional(),
  /** Another key, shown this once; the old one signs no more. */
  newKey: z.boolean().optional(),
})
export type WebhookChange = z.input<typeof webhookChange>

/** Which region’s queue; the first of the configuration where it is left out. */
export const webhookRegionQuery = z.object({ region: z.string().max(40).optional() })

export const webhookEventQuery = webhookRegionQuery.extend({
  state: z.enum(['pending', 'delivered', 'dead']).optional(),
  /** `next` of the page before. */
  before: z.coerce.number<number | string>().int().positive().optional(),
  limit: z.coerce.number<number | string>().int().min(1).max(100).default(50),
})

const texts = z.record(z.string(), z.string())

/** As ACR’s listEvents shows it, and what became of it here. */
export const webhookEventShape = z.object({
  id: z.string(),
  /** Its place in the hook’s queue of this region. */
  number: z.int(),
  action: z.string(),
  image: z.string(),
  state: z.enum(['pending', 'delivered', 'dead']),
  attempts: z.int(),
  createdAt: z.int(),
  /** null: not tried yet. */
  attemptedAt: z.int().nullable(),
  /** '' where nothing went wrong. */
  error: z.string(),
  /** The number that it repeats. */
  redeliveryOf: z.int().nullable(),
  eventRequestMessage: z.object({
    content: z.unknown(),
    headers: texts,
    method: z.literal('POST'),
    requestUri: z.string(),
    version: z.literal('1.1'),
  }),
  eventResponseMessage: z
    .object({
      content: z.string(),
      headers: texts,
      reasonPhrase: z.string(),
      statusCode: z.string(),
      version: z.literal('1.1'),
    })
    .nullable(),
})
export type WebhookEvent = z.output<typeof webhookEventShape>

export const webhookEventList = z.object({
  region: z.string(),
  value: z.array(webhookEventShape),
  next: z.int().optional(),
})

/** `id`: the event’s. `number`: where to find in the list how it went. */
export const webhookSentShape = z.object({ id: z.string(), number: z.int(), region: z.string() })
