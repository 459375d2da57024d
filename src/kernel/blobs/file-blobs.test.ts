import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { systemClock } from '../clock.ts'
import { nodeDisk } from '../node-disk.ts'
import { blobStoreContract } from './contract.fixture.ts'
import { fileBlobs } from './file-blobs.ts'

const dir = mkdtempSync(join(tmpdir(), 'towpath-blobs-'))
after(() => rmSync(dir, { recursive: true }))

blobStoreContract('files', async () =>
  fileBlobs({ disk: nodeDisk(), dir, node: 'n0', clock: systemClock('test'), reserveBytes: 0 }),
)
