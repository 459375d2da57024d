import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, run, start, until } from './process.ts'
import { debianPeer } from './tools.ts'

const BIN = '/usr/lib/postgresql/15/bin'

/** A PostgreSQL of its own with Debian's defaults (fsync on), listening on 127.0.0.1; its data goes with it. */
export async function startPostgres(): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-pg-'))
  const data = join(dir, 'data')
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : {}
  if (user.uid !== undefined && user.gid !== undefined) chownSync(dir, user.uid, user.gid)
  mkdirSync(data, { mode: 0o700 })
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid)
  const initdb = debianPeer('initdb', join(BIN, 'initdb'))
  const initArgs = ['-D', data, '-U', 'towpath', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']
  if (user.uid === undefined) await run(initdb, initArgs)
  else execFileSync(initdb, initArgs, { ...user, cwd: dir, stdio: 'pipe' })
  const port = await freePort()
  const server = start(
    debianPeer('postgres', join(BIN, 'postgres')),
    ['-D', data, '-p', `${port}`, '-k', dir, '-h', '127.0.0.1', '-c', 'max_connections=200'],
    { log: `${dir}.log`, cwd: dir, ...user },
  )
  const url = `postgres://towpath@127.0.0.1:${port}/postgres`
  const isReady = debianPeer('pg_isready', join(BIN, 'pg_isready'))
  await until('PostgreSQL', async () => (await run(isReady, ['-h', '127.0.0.1', '-p', `${port}`, '-q'])) === '', {
    context: () => server.output(),
  })
  return {
    url,
    pid: server.pid,
    async stop() {
      await server.stop('SIGINT')
      rmSync(dir, { recursive: true, force: true })
      rmSync(`${dir}.log`)
    },
  }
}

function id(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}
