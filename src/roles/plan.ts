import type { Config } from '../kernel/index.ts'
import type { ProcessSpec } from './supervisor.ts'

/**
 * A push allocates its bytes as it receives them, and V8 answers by marking the heap over and over: 29 collections
 * for 600 MiB, 9 when it marks in one go, and a third less CPU time per byte (bench/README.md). A pause is about 10 ms.
 * Semi-spaces of 8 MiB instead of 16: a node under 64 pulls of 1 GiB came to 202 MB with those, and comes to 190.
 */
const REGION_FLAGS = ['--no-incremental-marking', '--max-semi-space-size=8']
/** glibc makes an arena for each of the threads that read files; with two a node under 64 pulls holds 30 MB less. */
const REGION_ENV = { MALLOC_ARENA_MAX: '2' }

type Env = Readonly<Record<string, string | undefined>>

/** Which processes a configuration makes, and in which order they come and go. */
export function planProcesses(config: Config, env: Env): ProcessSpec[] {
  // The first password is for control alone, and only while it makes it.
  const { TOWPATH_ADMIN_PASSWORD: password, ...rest } = env
  const child = { ...rest, TOWPATH_HOME: config.home }
  const writers = config.regions
    .filter(region => region.database.engine === 'sqlite')
    .map(({ name }): ProcessSpec => {
      const args = ['serve', 'writer', '--supervised', '--region', name]
      return { name: `writer ${name}`, role: 'writer', args, stage: 0, deadline: 10_000, env: child }
    })
  const control: ProcessSpec = {
    name: 'control',
    role: 'control',
    args: ['serve', 'control', '--supervised'],
    stage: 1,
    deadline: 10_000,
    env: { ...child, TOWPATH_ADMIN_PASSWORD: password },
  }
  const nodes = config.regions.flatMap(({ name, nodes }) =>
    Array.from({ length: nodes }, (_, node): ProcessSpec => {
      const args = ['serve', 'region', '--supervised', '--region', name, '--node', String(node)]
      return {
        name: `region ${name} ${node}`,
        role: 'region',
        args,
        flags: REGION_FLAGS,
        stage: 2,
        // Longer than a node's own drain: it cuts its requests itself, and stays clean.
        deadline: 25_000,
        env: { ...REGION_ENV, ...child },
      }
    }),
  )
  return [...writers, control, ...nodes]
}
