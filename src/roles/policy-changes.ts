import { keyText, type Policy, policyConfigs } from '../registry/index.ts'
import { type Detail, recorded } from './recorded.ts'

/** What the policy says from now on. */
function saysNow(_: unknown, { kind, repositories, enabled, settings }: Policy): Detail {
  const words = Object.entries(settings).map(([key, value]) => [key, plain(value)] as const)
  return { kind, repositories, enabled, ...Object.fromEntries(words) }
}

function plain(value: unknown): string | number | boolean {
  if (Array.isArray(value)) return value.map(one => (isKey(one) ? keyText(one) : one)).join(' ')
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value ?? '')
}

function isKey(value: unknown): value is { name: string; pem: string } {
  return typeof value === 'object' && value !== null && 'pem' in value
}

export const policyChanges = {
  create: recorded(policyConfigs.create, 'policies', 'policy/write', saysNow),
  update: recorded(policyConfigs.update, 'policies', 'policy/write', saysNow),
  delete: recorded(policyConfigs.delete, 'policies', 'policy/delete'),
} as const
