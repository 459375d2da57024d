type Need = {
  readonly label: string
  /** As roles have them. */
  readonly actions: readonly string[]
  /** What an investigation does. */
  readonly usual: boolean
}

/** What an agent may be let to do at a customer's place. */
export const NEEDS: readonly Need[] = [
  {
    label: 'See groups, registries and clusters',
    actions: ['group/read', 'registry/read', 'cluster/read'],
    usual: true,
  },
  { label: 'Read metrics and logs', actions: ['metric/read', 'log/read'], usual: true },
  { label: 'Change what is logged', actions: ['log/write'], usual: false },
  { label: 'Change registries', actions: ['registry/write'], usual: false },
  { label: 'Change clusters', actions: ['cluster/write'], usual: false },
  { label: 'Run pipelines', actions: ['pipeline/read', 'pipeline/run'], usual: false },
]

export function neededActions(labels: readonly string[]): string[] {
  return NEEDS.filter(({ label }) => labels.includes(label)).flatMap(({ actions }) => actions)
}
