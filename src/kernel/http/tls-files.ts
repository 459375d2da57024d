import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../clock.ts'
import { failure } from '../failure.ts'
import type { Log } from '../log.ts'
import { readSecretFile } from '../secrets.ts'

export type TlsFiles = { certificate: string; key: string }
export type TlsPair = { cert: string; key: string; notAfter: number }

export const TlsUnusable = failure('TLS_UNUSABLE', 500, (files: TlsFiles, why: string) => ({
  says: `The certificate ${files.certificate} and key ${files.key} cannot be used: ${why}`,
  next: 'Give a PEM certificate with its chain, and the key that belongs to it',
}))

/** Reads and checks both: they parse, and the key is the certificate's. */
export async function readTls(files: TlsFiles): Promise<TlsPair> {
  try {
    const cert = await readFile(files.certificate, 'utf8')
    const key = readSecretFile(files.key)
    createSecureContext({ cert, key })
    return { cert, key, notAfter: Date.parse(new X509Certificate(cert).validTo) }
  } catch (error) {
    throw TlsUnusable(files, error instanceof Error ? error.message : String(error)).from(error)
  }
}

type Watch = {
  files: TlsFiles
  clock: Clock
  log: Log
  signal: AbortSignal
  everyMs: number
  apply: (pair: TlsPair) => void
}

/**
 * Takes up a changed pair. By looking, not by fs.watch: files swapped through links (Kubernetes,
 * certbot) escape it. What can't be used is told once and the old pair stays.
 */
export async function watchTls({ files, clock, log, signal, everyMs, apply }: Watch): Promise<void> {
  let seen = stamp(files)
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => {})
    const now = stamp(files)
    if (signal.aborted || now === seen) continue
    seen = now
    try {
      apply(await readTls(files))
      log.info({ certificate: files.certificate }, 'Took up the new certificate')
    } catch (error) {
      // Certificate and key are seldom written at once; the second write is a change again.
      log.warn({ err: error }, 'The new certificate cannot be used; the old one stays')
    }
  }
}

function stamp({ certificate, key }: TlsFiles): string {
  return [certificate, key]
    .map(path => statSync(path, { throwIfNoEntry: false }))
    .map(found => (found ? `${found.ino}:${found.size}:${found.mtimeMs}` : 'none'))
    .join(' ')
}
