import { Bot, Cog, Fingerprint, type LucideIcon, User, Users } from 'lucide-react'
import type { Principal } from '../../../../src/api/index.ts'

type Kind = Principal['kind']

export const KINDS: Record<Kind, { label: string; plural: string; icon: LucideIcon; says: string }> = {
  user: { label: 'User', plural: 'Users', icon: User, says: 'A person, who signs in at a provider' },
  group: { label: 'Group', plural: 'Groups', icon: Users, says: 'What it has, its members have' },
  service: { label: 'Service principal', plural: 'Service principals', icon: Cog, says: 'A program, with secrets' },
  managed: {
    label: 'Managed identity',
    plural: 'Managed identities',
    icon: Fingerprint,
    says: 'Belongs to a resource',
  },
  agent: { label: 'Agent', plural: 'Agents', icon: Bot, says: 'Acts by itself; a person answers for it' },
}

/** Those that can hold secrets. */
export function hasSecrets(kind: Kind): boolean {
  return kind === 'service' || kind === 'agent'
}
