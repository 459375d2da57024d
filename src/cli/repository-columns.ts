import { formatBytes } from './oci/progress.ts'
import { ATTRIBUTES, type Attributes, type Manifest, type Repository, type Tag } from './repository-calls.ts'

const times = [
  { title: 'CREATED', text: (row: { createdTime: string }) => row.createdTime },
  { title: 'LAST UPDATE', text: (row: { lastUpdateTime: string }) => row.lastUpdateTime },
]
const locks = { title: 'OFF', text: (row: { changeableAttributes: Attributes }) => offIn(row.changeableAttributes) }
export const tagColumns = [
  { title: 'NAME', text: (row: Tag) => row.name },
  { title: 'DIGEST', text: (row: Tag) => row.digest },
  ...times,
  locks,
]
export const manifestColumns = [
  { title: 'DIGEST', text: (row: Manifest) => row.digest },
  { title: 'TAGS', text: (row: Manifest) => row.tags?.join(' ') ?? '' },
  { title: 'SIZE', text: (row: Manifest) => (row.imageSize === undefined ? '' : formatBytes(row.imageSize)) },
  { title: 'PLATFORM', text: (row: Manifest) => [row.os, row.architecture].filter(Boolean).join('/') },
  { title: 'MEDIA TYPE', text: (row: Manifest) => row.mediaType },
  ...times,
  locks,
]
export const repositoryColumns = [
  { title: 'NAME', text: (row: Repository) => row.imageName },
  { title: 'MANIFESTS', text: (row: Repository) => String(row.manifestCount) },
  { title: 'TAGS', text: (row: Repository) => String(row.tagCount) },
  ...times,
  locks,
]

/** `write delete`: what must not be done. */
function offIn(attributes: Attributes): string {
  return ATTRIBUTES.flatMap(one => (attributes[one] ? [] : [one.replace('Enabled', '')])).join(' ')
}
