import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EMPTY } from './fill.ts'
import { filled } from './fill-store.ts'

/** The same manifests in the folders of Docker's registry, as it would have written them; untagged. */
export function fillPeer(data: string, count: number): void {
  const root = join(data, 'docker/registry/v2')
  const hex = (digest: string) => digest.slice('sha256:'.length)
  const put = (folder: string, name: string, content: string | Buffer) => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const blob = (digest: string, content: string | Buffer) =>
    put(join(root, 'blobs/sha256', hex(digest).slice(0, 2), hex(digest)), 'data', content)
  const link = (repository: string, kind: string, digest: string) =>
    put(join(root, 'repositories', repository, kind, 'sha256', hex(digest)), 'link', digest)
  blob(EMPTY.digest, EMPTY.bytes)
  for (let number = 0; number < count; number++) {
    const { repository, digest, body, layer, layerBytes } = filled(number)
    blob(layer, layerBytes)
    blob(digest, body)
    link(repository, '_layers', layer)
    link(repository, '_layers', EMPTY.digest)
    link(repository, '_manifests/revisions', digest)
  }
}
