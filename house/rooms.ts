/**
 * The plan of the house as data: which room may import which. `kernel` is open to all and not listed;
 * nothing is transitive. A room may stand here before its folder does. To cut rooms anew, change this
 * table and write down why in `docs/decisions/`.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  api: [],
  oci: [],
  git: [],
  models: [],
  sandbox: [],
  audit: [],
  identity: ['audit'],
  approvals: ['identity', 'audit'],
  registry: ['oci', 'identity', 'audit'],
  replication: ['registry', 'oci'],
  cache: ['registry', 'oci'],
  routing: ['identity'],
  fleet: ['routing', 'approvals'],
  delivery: ['approvals', 'identity', 'audit', 'git', 'sandbox'],
  fabric: ['delivery'],
  gitops: ['delivery', 'approvals', 'git'],
  governance: ['approvals', 'identity', 'audit', 'models'],
  agent: ['governance', 'identity', 'git', 'models', 'sandbox'],
  mentor: ['git', 'models'],
  console: ['identity'],
  cli: ['api', 'oci', 'mentor'],
}

/** Open to every room. */
export const OPEN_ROOM = 'kernel'

/** Rooms that a browser page imports too, with the packages that they may: nothing of Node, and not even `kernel`. */
export const PAGE_ROOMS: Readonly<Record<string, readonly string[]>> = { api: ['zod'] }

/** What each process is made of: it imports every room, and only `src/main.ts` imports it. */
export const WIRING_ROOM = 'roles'

/** The edges: what runs there is tried as processes, by `test/`, since imports can't show what a spawned program reaches. */
export const EDGE_ROOMS: readonly string[] = ['cli', WIRING_ROOM]

/** How the world gets in. Everything else takes a `Clock`, a `Disk`, a client, or a value. */
export type Reach = 'time' | 'timers' | 'chance' | 'files' | 'network' | 'environment'

/**
 * The only places that may reach out, by path or by folder (with a slash at the end). Tests may always.
 * A place that no longer reaches is a breach too, so this list stays short.
 */
export const adapters: readonly { path: string; reach: readonly Reach[]; because: string }[] = [
  { path: 'src/kernel/clock.ts', reach: ['time', 'timers', 'chance'], because: 'the machine’s own clock' },
  { path: 'src/kernel/node-disk.ts', reach: ['files'], because: 'the real disk' },
  { path: 'src/kernel/http/', reach: ['network', 'files'], because: 'the real wire; certificates and stale sockets' },
  { path: 'src/kernel/secrets.ts', reach: ['files'], because: 'file: references' },
  { path: 'src/kernel/config/', reach: ['files'], because: 'reads towpath.yaml' },
  {
    path: 'src/kernel/store/',
    reach: ['timers', 'files', 'network'],
    because: 'group commit, and the writer’s socket',
  },
  {
    path: 'src/kernel/sim/scheduler.ts',
    reach: ['timers'],
    because: 'lets real microtasks settle between simulated steps',
  },
  { path: 'src/kernel/sim/simulation.ts', reach: ['environment'], because: 'the seed of a run to replay' },
  { path: 'src/kernel/process-metrics.ts', reach: ['files', 'time'], because: 'measures this process' },
  {
    path: 'src/registry/http/forward.ts',
    reach: ['network'],
    because: 'hands a request to the node that owns the upload, as it is',
  },
  {
    path: 'src/git/',
    reach: ['environment', 'files'],
    because: 'runs git with the user’s own way to sign in; makes the folders of mirrors',
  },
  {
    path: 'src/mentor/config/',
    reach: ['files'],
    because: 'reads archangel.json from every folder up to the root, and keeps what the user allowed',
  },
  {
    path: 'src/mentor/privacy/create-privacy.ts',
    reach: ['files'],
    because: 'sees where a link leads before anything of it is sent',
  },
  {
    path: 'src/mentor/server/',
    reach: ['files'],
    because: 'golden files for editors that open nothing else; archangel.json as it is on disk before a mute',
  },
  {
    path: 'src/mentor/check/run-check.ts',
    reach: ['files'],
    because: 'reads the files that are checked, and follows no link',
  },
  { path: 'src/mentor/report/', reach: ['files'], because: 'reads the SARIF that CI left' },
  {
    path: 'src/mentor/index/',
    reach: ['files'],
    because: 'the folder of the index: a SQLite file, its lock, its size and what is left of the disk',
  },
  { path: 'src/cli/', reach: ['environment', 'files', 'network', 'timers'], because: 'a program at a terminal' },
  { path: 'src/roles/', reach: ['files', 'network', 'timers'], because: 'what processes are made of' },
]
