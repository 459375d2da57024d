import assert from 'node:assert/strict'
import type { Random } from '../../src/kernel/index.ts'
import { sql } from '../../src/kernel/index.ts'
import { type Digest, digestOf } from '../../src/oci/index.ts'
import { blobPath } from './backup.ts'
import { pull, pullBlob, REGISTRY } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Region } from './world.ts'

/** At any moment, or at exactly one of the steps that matter. */
export async function crash(region: Region, random: Random, sleep: (ms: number) => Promise<void>): Promise<void> {
  const power = random.chance(0.7)
  const steps = ['rename', 'syncDir', 'sync', 'remove', 'write', 'close'] as const
  const step = random.pick([undefined, ...steps])
  if (step) {
    let left = 1 + random.int(3)
    const crashed = new Promise<void>(resolve => {
      region.watch = operation => {
        if (operation !== step || --left > 0) return
        region.crash(power)
        resolve()
      }
    })
    await Promise.race([crashed, sleep(2000)])
    region.watch = () => undefined
  }
  region.crash(power)
}

/** Every name that anybody ever asked about. */
export async function checkAll(region: Region, ledger: Ledger): Promise<void> {
  const registry = region.running?.registry
  assert.ok(registry)
  const here = ({ place }: { place: { region: Region } }) => place.region === region
  for (const { place, name } of [...ledger.names('manifest')].filter(here)) {
    await pull(place, name, ledger, run => run(registry))
  }
  for (const { place, name } of [...ledger.names('tag')].filter(here)) {
    await pull(place, name, ledger, run => run(registry))
  }
  for (const { place, name } of [...ledger.names('blob')].filter(here)) {
    await pullBlob(place, name as Digest, ledger, run => run(registry))
  }
  for (const { place, name } of [...ledger.names('tag')].filter(here)) {
    const begun = ledger.order.next()
    const listed = await registry.listTags({ registryId: REGISTRY, repository: place.repository }, { n: 100, last: '' })
    ledger.sawListed(place, name, listed?.items.includes(name) ?? false, begun)
  }
}

/** Once all has expired: a file for each row, byte-exact, and no other file. */
export async function checkFiles(region: Region): Promise<number> {
  const rows = await region.store.read.all<{ digest: string; blob_key: string }>(sql`select digest, blob_key from blob`)
  const files = [...region.disk.files().keys()]
  assert.deepEqual(files, rows.map(row => blobPath(row.blob_key)).sort(), `files and rows of ${region.name}`)
  const disk = region.disk.mount()
  for (const { digest, blob_key } of rows) {
    const file = await disk.open(blobPath(blob_key), 'read')
    const bytes = Buffer.alloc(await file.size())
    await file.read(bytes, 0)
    await file.close()
    assert.equal(digestOf(bytes, digest.startsWith('sha512') ? 'sha512' : 'sha256'), digest)
  }
  const dead = await region.store.read.all(sql`select id, last_error from job where state = 'dead'`)
  assert.deepEqual(dead, [])
  return files.length
}
