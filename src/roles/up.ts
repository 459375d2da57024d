import { fileURLToPath } from 'node:url'
import { type Clock, type Config, type Log, paths } from '../kernel/index.ts'
import { endpoints } from './endpoints.ts'
import { ensurePortsFree } from './free-ports.ts'
import { lockHome } from './home-lock.ts'
import { planProcesses } from './plan.ts'
import { platformSecrets } from './secrets.ts'
import { stayAlive } from './stay.ts'
import { makeFolder } from './stores.ts'
import { createSupervisor, StoppedEarly } from './supervisor.ts'
import { VERSION } from './version.ts'
import { welcome } from './welcome.ts'

type Parts = {
  config: Config
  clock: Clock
  log: Log
  env: Readonly<Record<string, string | undefined>>
  /** How people call this program. */
  command: string
}

/** From here two folders up in the sources and compiled alike. */
const PROGRAM = fileURLToPath(new URL('../../bin/towpath.mjs', import.meta.url))
/** One Ctrl-C reaches this process twice where npm or another program forwards what the terminal sends to all. */
const SAME_SIGNAL_MS = 500

/** The whole platform on this machine, in the foreground, until it is told to stop. Resolves with the exit code. */
export async function runUp({ config, clock, log, env, command }: Parts): Promise<number> {
  const lock = lockHome(config)
  const leave = stayAlive()
  try {
    await ensurePortsFree(config)
    makeFolder(paths(config).run)
    // Before there are two processes that would make them.
    await platformSecrets({ config, clock, env }).open(log)

    let password: string | undefined
    const specs = planProcesses(config, env)
    const supervisor = createSupervisor({
      program: PROGRAM,
      specs,
      clock,
      log,
      onPassword: made => {
        password = made
      },
    })
    const stopped = stopOnSignals({ clock, log, stop: supervisor.stop, kill: supervisor.kill })
    // Without a terminal that could hang up, SIGHUP is what `systemctl reload` sends: each process reads its configuration again.
    if (!process.stdin.isTTY) process.on('SIGHUP', () => supervisor.signal('SIGHUP'))
    try {
      await supervisor.start()
    } catch (error) {
      await supervisor.stop()
      if (error instanceof Error && 'code' in error && error.code === StoppedEarly.code) return await stopped
      throw error
    }
    greet({ config, password, env, command, processes: specs.length })
    return await stopped
  } finally {
    lock.release()
    leave()
  }
}

/** Resolves once everything has stopped because somebody asked for it. */
function stopOnSignals(parts: {
  clock: Clock
  log: Log
  stop: () => Promise<void>
  kill: () => void
}): Promise<number> {
  const { clock, log, stop, kill } = parts
  return new Promise(done => {
    let asked: number | undefined
    const signals = ['SIGINT', 'SIGTERM', ...(process.stdin.isTTY ? (['SIGHUP'] as const) : [])] as const
    for (const signal of signals) {
      process.on(signal, () => {
        const now = clock.monotonic()
        if (asked !== undefined) {
          if (now - asked < SAME_SIGNAL_MS) return
          log.warn('Killed before everything had stopped')
          kill()
          done(1)
          return
        }
        asked = now
        if (process.stderr.isTTY) process.stderr.write('\n  Stopping … (Ctrl-C again kills)\n')
        else log.info({ signal }, 'Stopping')
        stop().then(() => {
          log.info('Stopped')
          done(0)
        })
      })
    }
  })
}

type Greeting = Pick<Parts, 'config' | 'env' | 'command'> & { password: string | undefined; processes: number }

function greet({ config, password, env, command, processes }: Greeting): void {
  const passwordGiven = Boolean(env.TOWPATH_ADMIN_PASSWORD)
  if (config.log.format === 'json') {
    const admin = { user: 'admin', ...(password !== undefined && !passwordGiven ? { password } : {}) }
    const ready = { event: 'ready', version: VERSION, home: config.home, ...endpoints(config), admin }
    process.stdout.write(`${JSON.stringify(ready)}\n`)
  } else {
    const color = process.stdout.isTTY === true && process.stdout.hasColors() && !env.NO_COLOR
    process.stdout.write(welcome({ config, version: VERSION, password, passwordGiven, processes, command, color }))
  }
  process.send?.({ type: 'ready', ...endpoints(config) })
}
