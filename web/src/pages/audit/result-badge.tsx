import { Badge, type Tone } from '../../ui/badge.tsx'

export const RESULTS: Readonly<Record<string, { tone: Tone; label: string }>> = {
  done: { tone: 'good', label: 'Done' },
  denied: { tone: 'danger', label: 'Denied' },
  failed: { tone: 'warn', label: 'Failed' },
}

export function ResultBadge({ result }: { result: string }) {
  const { tone, label } = RESULTS[result] ?? { tone: 'plain', label: result }
  return <Badge tone={tone}>{label}</Badge>
}
