import { chmodSync, rmSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import { CannotListen } from './failures.ts'

export type HttpListen =
  /** Port 0 takes any free one. `reusePort`: several processes share it (Linux balances between them). */
  { host: string; port: number; reusePort?: boolean } | { path: string }

export type HttpAddress = { url: string; port: number } | { path: string }

/** Resolves when connections are taken; CANNOT_LISTEN with the reason otherwise. */
export async function listenOn(server: Server, where: HttpListen, secure: boolean): Promise<HttpAddress> {
  if ('path' in where) removeStale(where.path)
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const name = 'path' in where ? where.path : `${where.host}:${where.port}`
      reject(CannotListen(name, error.code ?? error.message).from(error))
    }
    server.once('error', failed)
    server.listen('path' in where ? where : { ...where, exclusive: true }, () => {
      server.off('error', failed)
      resolve()
    })
  })
  if ('path' in where) {
    chmodSync(where.path, 0o600)
    return { path: where.path }
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : where.port
  const host = where.host.includes(':') ? `[${where.host}]` : where.host
  return { url: `${secure ? 'https' : 'http'}://${host}:${port}`, port }
}

/** A killed process leaves its socket behind. Who owns the folder owns the name: home is locked by one supervisor. */
function removeStale(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path)
}
