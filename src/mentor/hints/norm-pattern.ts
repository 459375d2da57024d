import type { NormId } from '../norms/norm.ts'

/** Whether `pattern` means the norm: its whole id, the question that it answers, or `subject/*`. */
export function meansNorm(pattern: string, id: NormId): boolean {
  if (pattern.endsWith('/*')) return id.startsWith(pattern.slice(0, -1))
  return id === pattern || (id.startsWith(pattern) && /^[:@]/.test(id.slice(pattern.length)))
}
