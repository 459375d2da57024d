import type { Tx } from '../../kernel/index.ts'
import { putAttributes } from '../locks/attributes.ts'
import { refuseLocked } from '../locks/locks.ts'
import { announce } from './announce.ts'
import type { Applied, ContentChange, Merged, Told } from './change.ts'
import { dropBlob, putBlob } from './put-blob.ts'
import { dropManifest, putManifest } from './put-manifest.ts'
import { dropTag, putTag } from './put-tag.ts'

/**
 * The one way in for all content, pushed here or made elsewhere: merges the change with what is held and writes
 * the feed entry that tells of it, in the caller's transaction. The same change twice is the same as once.
 * `origin` is the region where the change was made. What is locked refuses the changes that are made here.
 */
export async function putContent(tx: Tx, change: ContentChange, origin: string, told: Told = {}): Promise<Applied> {
  // Blobs have no stamp: whoever brings them from elsewhere will have to say so, and not be stopped by a lock.
  if (!('hlc' in change) || change.hlc === undefined) await refuseLocked(tx, change)
  const done = await apply(tx, change)
  if (done.applied) await announce(tx, change, done, origin, told)
  return done
}

function apply(tx: Tx, change: ContentChange): Promise<Merged> {
  switch (change.kind) {
    case 'blob':
      return putBlob(tx, change)
    case 'manifest':
      return putManifest(tx, change)
    case 'tag':
      return putTag(tx, change)
    case 'blob-deleted':
      return dropBlob(tx, change)
    case 'manifest-deleted':
      return dropManifest(tx, change)
    case 'tag-deleted':
      return dropTag(tx, change)
    case 'attributes':
      return putAttributes(tx, change)
  }
}
