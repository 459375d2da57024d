import { type Webhook, webhookConfigs } from '../registry/index.ts'
import { type Detail, recorded } from './recorded.ts'

/** Where it goes, never what is sealed. */
const settings = ({ service, scope, actions, format, enabled, headerNames }: Webhook): Detail => ({
  ...{ service, scope, actions: actions.join(' '), format, enabled },
  headers: headerNames.join(' '),
})

export const webhookChanges = {
  create: recorded(webhookConfigs.create, 'webhooks', 'webhook/write', (_, made) => settings(made)),
  update: recorded(webhookConfigs.update, 'webhooks', 'webhook/write', ({ newKey = false }, made) => ({
    ...settings(made),
    newKey,
  })),
  delete: recorded(webhookConfigs.delete, 'webhooks', 'webhook/delete'),
} as const
