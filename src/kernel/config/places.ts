import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from './schema.ts'

/** Which port serves what; `index` is the region's place in the configuration. */
export function ports({ listen }: Pick<Config, 'listen'>) {
  return {
    control: listen.control,
    global: listen.registry,
    regional: (index: number) => listen.registry + 1 + index,
    data: (index: number) => listen.registry + 101 + index,
  }
}

/** sun_path holds 108 bytes on Linux and 104 on macOS, one of them the NUL; names below take up to 40. */
const SOCKET_DIR_MAX = 60

/** Where everything lies. Nothing here is created; `run` must be made with mode 0700. */
export function paths({ home }: Pick<Config, 'home'>, temporary = tmpdir()) {
  const regionDir = (name: string) => join(home, 'regions', name)
  const run = socketDir(home, temporary)
  return {
    home,
    lock: join(home, 'lock'),
    controlDir: join(home, 'control'),
    controlDatabase: join(home, 'control', 'control.sqlite'),
    region: regionDir,
    regionDatabase: (name: string) => join(regionDir(name), 'region.sqlite'),
    uploads: (name: string) => join(regionDir(name), 'uploads'),
    blobs: (name: string) => join(regionDir(name), 'blobs'),
    secrets: join(home, 'secrets'),
    masterKey: join(home, 'secrets', 'master.key'),
    secret: (name: string) => join(home, 'secrets', name),
    run,
    writerSocket: (name: string) => join(run, `${name}-writer.sock`),
    nodeSocket: (name: string, node: number) => join(run, `${name}-${node}.sock`),
  }
}

/** A socket's path is short by law of the kernel: a deep home gets a folder named by its hash. */
function socketDir(home: string, temporary: string): string {
  const run = join(home, 'run')
  if (Buffer.byteLength(run) <= SOCKET_DIR_MAX) return run
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 16)
  return join(temporary, `towpath-${hash}`)
}
