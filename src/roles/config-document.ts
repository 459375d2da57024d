import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  type AccessReader,
  DATA_ACTIONS,
  DEFAULT_TENANT,
  readCredentials,
  readEnded,
  readOwners,
  readSigningKeys,
  readTokenConfigs,
} from '../identity/index.ts'
import { type ReadTx, readDataKeys, type Store } from '../kernel/index.ts'
import {
  readRegistries,
  readServedPolicies,
  readServedWebhooks,
  type ServedRegistry,
  servedPolicies,
  servedRegistry,
  servedWebhook,
} from '../registry/index.ts'

const slot = z.union([z.literal(1), z.literal(2)])

const tokenConfig = z.object({
  id: z.string(),
  registryId: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  actions: z.array(z.string()),
  passwords: z.array(z.object({ slot, hash: z.string(), changedAt: z.int(), expiresAt: z.int().nullable() })),
})

const publishedKey = z.object({ kid: z.string(), x: z.string(), signsFrom: z.int(), endsAt: z.int().nullable() })

// An action of a later version opens nothing here, and locks nothing that is done here.
const dataActions = z.array(z.string()).transform(actions => DATA_ACTIONS.filter(action => actions.includes(action)))
const principalKind = z.enum(['user', 'service', 'managed', 'agent'])
const secret = z.object({ id: z.string(), hash: z.string(), expiresAt: z.int() })

const tenantAccess = z.object({
  tenantId: z.string(),
  registries: z.array(
    z.object({
      id: z.string(),
      locked: dataActions,
      grants: z.array(z.object({ principalId: z.string(), actions: dataActions })),
    }),
  ),
  principals: z.array(
    z.object({ id: z.string(), kind: principalKind, groups: z.array(z.string()), secrets: z.array(secret) }),
  ),
})
const endedOf = z.object({ tenantId: z.string(), proofs: z.array(z.string()), before: z.int() })

/** As control's database has it: only who has the master key can use it. */
const dataKey = z.object({ id: z.string(), wrapped: z.string(), masterKeyId: z.string() })

/** What a region needs of control's rows to admit callers, to know whose content a host means, what holds for it, and whom to tell of it. */
export const configDocument = z.object({
  registries: z.array(servedRegistry),
  credentials: z.array(
    z.object({
      user: z.literal('admin'),
      slot,
      hash: z.string(),
      changedAt: z.int(),
    }),
  ),
  // Left out by a control of an earlier version.
  tokens: z.array(tokenConfig).default([]),
  signingKeys: z.array(publishedKey).default([]),
  access: z.array(tenantAccess).default([]),
  ended: z.array(endedOf).default([]),
  webhooks: z.array(servedWebhook).default([]),
  policies: servedPolicies.default([]),
  dataKeys: z.array(dataKey).default([]),
})
export type ConfigDocument = z.infer<typeof configDocument>

/** A document as it travels; the etag is the hash of the text. */
export type ConfigText = { readonly etag: string; readonly text: string }

export function readConfigText(store: Store, access: AccessReader): Promise<ConfigText> {
  return store.snapshot(async (db: ReadTx) => {
    const document = {
      registries: await readServed(db),
      credentials: await readCredentials(db),
      tokens: await readTokenConfigs(db),
      signingKeys: await readSigningKeys(db),
      access: await access.read(db),
      ended: await readEnded(db),
      webhooks: await readServedWebhooks(db),
      policies: await readServedPolicies(db),
      dataKeys: await readKeys(db),
    }
    return withEtag(JSON.stringify(document))
  })
}

/** The wrapped keys, one more with each rotation: a region opens what is sealed while control is gone. */
async function readKeys(db: ReadTx) {
  return (await readDataKeys(db)).map(({ id, wrapped, masterKeyId }) => ({ id, wrapped, masterKeyId }))
}

async function readServed(db: ReadTx): Promise<ServedRegistry[]> {
  const owners = await readOwners(db, 'registry')
  return (await readRegistries(db)).map(one => ({ ...one, tenantId: owners.get(one.id) ?? DEFAULT_TENANT.id }))
}

export function withEtag(text: string): ConfigText {
  return { etag: `"${createHash('sha256').update(text).digest('base64url')}"`, text }
}

export function parseConfigText(text: string): ConfigDocument {
  return configDocument.parse(JSON.parse(text))
}
