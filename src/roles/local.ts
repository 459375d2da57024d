import type { Config, LogLevel } from '../kernel/index.ts'
import type { Lifecycle } from './lifecycle.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What commands need that run on the platform's own machine. */
export type LocalOptions = {
  /** Path of towpath.yaml; else TOWPATH_CONFIG, else the one in the working folder. */
  configFile?: string | undefined
  env: Env
}

/** Everything here is loaded when it is called: `towpath --help` pays for none of it. */
async function prepare({ configFile, env }: LocalOptions, role: string) {
  const { createLog, loadConfig, systemClock } = await import('../kernel/index.ts')
  const config = loadConfig({ env, file: configFile })
  // Hybrid timestamps carry the name: unique among all processes that write.
  const clock = systemClock(role.replaceAll(' ', '.'))
  const log = createLog({ ...config.log, role })
  return { config, clock, log, env }
}

/** `towpath up`: resolves with the exit code once the platform has stopped. */
export async function up(options: LocalOptions & { command: string }): Promise<number> {
  const { runUp } = await import('./up.ts')
  return runUp({ ...(await prepare(options, 'supervisor')), command: options.command })
}

export type ServeOptions = LocalOptions & {
  region?: string | undefined
  node?: number | undefined
  /** `towpath up` started it. */
  supervised?: boolean | undefined
}

/** `towpath serve <role>`: one role alone; resolves when it has stopped. */
export async function serve(role: 'control' | 'writer' | 'region', options: ServeOptions): Promise<number> {
  const { startLifecycle } = await import('./lifecycle.ts')
  try {
    const name = role === 'control' ? role : [role, options.region, options.node].filter(one => one !== undefined)
    const parts = await prepare(options, typeof name === 'string' ? name : name.join(' '))
    const lifecycle = startLifecycle({ clock: parts.clock, supervised: options.supervised === true })
    const stopWatching = await reloadOnHangup(options, parts)
    try {
      await runRole(role, options, { ...parts, lifecycle })
    } finally {
      stopWatching()
      lifecycle.end()
    }
    return 0
  } catch (error) {
    await reportFailure(error)
    throw error
  }
}

type Parts = Awaited<ReturnType<typeof prepare>> & { lifecycle: Lifecycle }

async function runRole(role: 'control' | 'writer' | 'region', options: ServeOptions, parts: Parts): Promise<void> {
  if (role === 'control') return (await import('./control.ts')).runControl(parts)
  const index = await regionIndex(parts.config, options.region)
  if (role === 'writer') return (await import('./writer.ts')).runWriter({ ...parts, index })
  return (await import('./region.ts')).runRegion({ ...parts, index, node: options.node ?? 0 })
}

async function regionIndex(config: Config, name: string | undefined): Promise<number> {
  const index = name === undefined ? 0 : config.regions.findIndex(region => region.name === name)
  if (index >= 0) return index
  const { failure } = await import('../kernel/index.ts')
  const known = config.regions.map(region => region.name).join(', ')
  throw failure('REGION_UNKNOWN', 404, () => ({
    says: `The configuration has no region "${name}"`,
    next: `Name one of: ${known}`,
  }))()
}

/** SIGHUP takes up what can change without a restart, and says what can not. */
async function reloadOnHangup(options: LocalOptions, { config, log }: Pick<Parts, 'config' | 'log'>) {
  const { compareConfig, loadConfig } = await import('../kernel/index.ts')
  const reload = () => {
    try {
      const next = loadConfig({ env: options.env, file: options.configFile })
      const { applies, restart } = compareConfig(config, next)
      log.setLevel(next.log.level satisfies LogLevel)
      log.info({ applies, restart }, 'Read the configuration again')
    } catch (error) {
      log.error({ err: error }, 'The configuration can not be read; the running one stays')
    }
  }
  process.on('SIGHUP', reload)
  return () => void process.off('SIGHUP', reload)
}

/** To the supervisor, so that it can say why the start failed. */
async function reportFailure(error: unknown): Promise<void> {
  const { Failure } = await import('../kernel/index.ts')
  if (!(error instanceof Failure) || !process.send) return
  const { code, message: says, next } = error
  await new Promise<void>(done => process.send?.({ type: 'failed', code, says, next }, () => done()))
}

/** `towpath backup`: resolves with the exit code once the folder is complete. */
export async function backup(options: LocalOptions & { to: string; acceptLost: boolean }): Promise<number> {
  const { backup } = await import('./backup.ts')
  const made = await backup({
    ...(await prepare(options, 'backup')),
    to: options.to,
    acceptLost: options.acceptLost,
    say,
  })
  say(`Done: ${made.id} in ${options.to}. Restore it with: towpath restore --from ${options.to}`)
  return 0
}

/** `towpath restore`: resolves with the exit code once the home can be started. */
export async function restore(options: LocalOptions & { from: string }): Promise<number> {
  const { restore } = await import('./restore.ts')
  const parts = await prepare(options, 'restore')
  await restore({ ...parts, from: options.from, say })
  say(`Done: ${parts.config.home} holds the backup. Start it with: towpath up`)
  return 0
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** `towpath admin rotate --offline`: for whoever lost both passwords and may read the home. */
export async function rotateOffline(options: LocalOptions & { slot: 1 | 2 }) {
  const parts = await prepare(options, 'admin')
  const { rotateOffline } = await import('./rotate-offline.ts')
  return { user: 'admin', slot: options.slot, password: await rotateOffline({ ...parts, slot: options.slot }) }
}

/** `towpath config show`: what is in force, secrets by reference only. */
export async function readConfig(options: LocalOptions): Promise<Config> {
  return (await import('../kernel/index.ts')).loadConfig({ env: options.env, file: options.configFile })
}

export async function configSchema(): Promise<Record<string, unknown>> {
  return (await import('../kernel/index.ts')).configJsonSchema()
}

export async function reloadable(): Promise<readonly { key: string; reloads: string }[]> {
  return (await import('../kernel/index.ts')).reloadableKeys()
}
