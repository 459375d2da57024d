import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, start, until } from './process.ts'
import { goPeer } from './tools.ts'

export type S3Peer = {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** The folder that holds the bucket's objects as files. */
  objects: string
  pid: number
  stop(): Promise<void>
}

/** versitygw over a folder: an S3 engine that honours multipart, ranges and conditional writes. */
export async function startS3(): Promise<S3Peer> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-s3-'))
  const root = join(dir, 'root')
  const objects = join(root, 'towpath')
  mkdirSync(objects, { recursive: true })
  mkdirSync(join(dir, 'sidecar'))
  const port = await freePort()
  const accessKeyId = 'towpath-test'
  const secretAccessKey = 'towpath-test-secret'
  const server = start(
    goPeer('versitygw'),
    // A sidecar for metadata, because a tmpfs has no user attributes.
    ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', 'posix', '--sidecar', join(dir, 'sidecar'), root],
    {
      log: `${dir}.log`,
      env: { ...process.env, ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
    },
  )
  const endpoint = `http://127.0.0.1:${port}`
  await until('versitygw', async () => (await fetch(endpoint)).status === 403, { context: () => server.output() })
  return {
    endpoint,
    bucket: 'towpath',
    region: 'us-east-1',
    accessKeyId,
    secretAccessKey,
    objects,
    pid: server.pid,
    async stop() {
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
      rmSync(`${dir}.log`)
    },
  }
}
