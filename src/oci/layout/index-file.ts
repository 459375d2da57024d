import { type Descriptor, parseDescriptor } from '../descriptor.ts'
import { type Fields, isFields, readFields } from '../fields.ts'
import { mediaTypes } from '../media-types.ts'
import { LayoutInvalid } from './failures.ts'
import type { Files } from './files.ts'

/** One of the things that a layout is for. */
export type Entry = Descriptor

const refName = 'org.opencontainers.image.ref.name'
// A layout with 10,000 tags has 3 MB.
const limits = { bytes: 16 * 1024 * 1024, depth: 64 }

export function nameOf(entry: Entry): string | undefined {
  return entry.annotations?.[refName]
}

export async function readIndex(files: Files): Promise<readonly Entry[]> {
  return rawEntries(files, await readRaw(files)).map((one, at) => parseDescriptor(one, `index.json: manifests[${at}]`))
}

/** Adds an entry; the name is taken from the entry that had it. What others wrote into the index stays. */
export async function writeEntry(files: Files, entry: Descriptor, tag: string | undefined): Promise<void> {
  const raw = await readRaw(files)
  const all = rawEntries(files, raw).map((fields, at) => ({
    fields,
    is: parseDescriptor(fields, `index.json: manifests[${at}]`),
  }))
  if (tag === undefined && all.some(({ is }) => is.digest === entry.digest)) return
  // An entry without a name has nothing to add to one of the same digest that has a name.
  const kept = all.filter(({ is }) => nameOf(is) !== tag && !(nameOf(is) === undefined && is.digest === entry.digest))
  const added = tag === undefined ? entry : { ...entry, annotations: { [refName]: tag } }
  const others = (tag === undefined ? all : kept).map(({ fields }) => fields)
  await files.replace('index.json', Buffer.from(JSON.stringify({ ...raw, manifests: [...others, added] })))
}

async function readRaw(files: Files): Promise<Fields> {
  const bytes = await files.read('index.json', limits.bytes)
  if (!bytes) return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }
  return readFields(bytes, limits, why => LayoutInvalid(files.name, `index.json: ${why}`))
}

function rawEntries(files: Files, raw: Fields): readonly Fields[] {
  const list = raw.manifests ?? []
  if (!Array.isArray(list) || !list.every(isFields))
    throw LayoutInvalid(files.name, 'index.json: manifests is not a list of objects')
  return list
}
