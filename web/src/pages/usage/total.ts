import type { OperationClass, UsageHistory } from '../../../../src/api/index.ts'

type ByClass = UsageHistory['points'][number]['requests']

export const CLASSES: Record<OperationClass, string> = {
  read: 'Pulls and lists',
  write: 'Pushes',
  delete: 'Deletions',
  referrers: 'Lists of referrers',
  oauth: 'Tokens',
}
export const KINDS = Object.keys(CLASSES) as OperationClass[]

/** A list of referrers that was answered is among those that read too; one that was refused is not. */
export function total(of: ByClass, what: 'used' | 'refused'): number {
  return KINDS.reduce((sum, kind) => (what === 'used' && kind === 'referrers' ? sum : sum + of[kind][what]), 0)
}
