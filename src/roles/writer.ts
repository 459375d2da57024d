import { dirname } from 'node:path'
import { type Clock, type Config, failure, type Log, paths, serveWriter } from '../kernel/index.ts'
import { aborted, type Lifecycle } from './lifecycle.ts'
import { callNode, nodePlaces } from './nodes.ts'
import { regionSchema } from './schema.ts'
import { makeFolder, regionAt } from './stores.ts'

const NoWriter = failure('WRITER_NOT_NEEDED', 400, (region: string) => ({
  says: `Region "${region}" keeps its metadata in Postgres, which needs no writer process`,
  next: 'Run its nodes alone: towpath serve region',
}))

type Parts = { config: Config; index: number; clock: Clock; log: Log; lifecycle: Lifecycle }

/** The one process that writes a region's SQLite file. Returns when it has stopped. */
export async function runWriter({ config, index, clock, log, lifecycle }: Parts): Promise<void> {
  const { name, database } = regionAt(config, index)
  if (database.engine !== 'sqlite') throw NoWriter(name)
  const at = paths(config)
  const path = at.regionDatabase(name)
  makeFolder(dirname(path))
  makeFolder(at.run)
  const stopping = new AbortController()
  const { signal } = stopping
  const writer = await serveWriter({ path, socket: at.writerSocket(name), clock, signal, ...regionSchema })
  lifecycle.ready()
  log.debug({ path }, 'The writer is ready')
  await aborted(lifecycle.signal)
  if (lifecycle.orphaned()) await nodesGone(config, name, clock)
  stopping.abort()
  await writer.stopped
}

/** Less than a node may take to drain: what it still writes then is refused, and was not acknowledged. */
const NODES_MS = 10_000
const LOOK_MS = 50

/** They stop at the same moment, and their last writes, of requests that end and leases that are given back, need this process. */
async function nodesGone(config: Config, region: string, clock: Clock): Promise<void> {
  const end = clock.monotonic() + NODES_MS
  for (const place of nodePlaces(config).filter(one => one.region === region)) {
    while (clock.monotonic() < end) {
      const answers = await callNode(place, '/internal/v1/health').then(
        () => true,
        () => false,
      )
      if (!answers) break
      await clock.sleep(LOOK_MS)
    }
  }
}
