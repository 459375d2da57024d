import { z } from 'zod'
import { idField, nameField } from './fields.ts'
import { throttleChange, throttleShape } from './throttle.ts'

/** `endpoint`: each host gives tokens of its own. `registry`: one is good at all of them, as ACR's are. */
const tokenAudience = z.enum(['endpoint', 'registry'])
/** What is a host is the registry's to say: the route narrows them. */
const hosts = z.array(z.string()).max(100)

export const registryShape = z.object({
  id: z.string().regex(/^reg_[0-9a-z]{1,60}$/),
  name: nameField,
  hosts,
  anonymousPull: z.boolean(),
  // Left out by a control of an earlier version.
  tokenAudience: tokenAudience.default('endpoint'),
  throttle: throttleShape,
  tenantId: z.string(),
  /** The group that it lies in; the tenant's id where it lies in none. */
  parentId: z.string(),
})
export type Registry = z.output<typeof registryShape>

export const registryList = z.object({ registries: z.array(registryShape) })

export const registryBody = z.strictObject({
  name: nameField,
  hosts: hosts.default([]),
  anonymousPull: z.boolean().default(false),
  tokenAudience: tokenAudience.default('endpoint'),
  /** By id or by name; the caller's own where it is left out. */
  tenant: z.string().max(100).optional(),
  groupId: idField.optional(),
})
export type RegistryBody = z.input<typeof registryBody>

/** `endpoint`: `global`, the name of a region, or a host that the registry serves; its first one where it is left out. */
export const registryLoginBody = z.strictObject({ endpoint: z.string().min(1).max(259).optional() })
export type RegistryLoginBody = z.input<typeof registryLoginBody>

/** Credentials for `docker login`, as ACR gives them. */
export const registryLogin = z.object({
  host: z.string(),
  username: z.string(),
  refreshToken: z.string(),
  /** UTC milliseconds. */
  expiresAt: z.int(),
})
export type RegistryLogin = z.output<typeof registryLogin>

export const registryChange = z.strictObject({
  hosts: hosts.optional(),
  anonymousPull: z.boolean().optional(),
  tokenAudience: tokenAudience.optional(),
  throttle: throttleChange.optional(),
})
export type RegistryChange = z.input<typeof registryChange>

/** Where clients reach it: as image references begin. None where it has no host name yet. */
export const registryEndpoints = z.object({
  hosts: z.array(z.string()),
  /** `host`: of that region alone; null where only the hosts above lead there. */
  regions: z.array(z.object({ name: z.string(), host: z.string().nullable() })),
})
export type RegistryEndpoints = z.output<typeof registryEndpoints>
