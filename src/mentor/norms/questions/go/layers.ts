import { dirname } from 'node:path/posix'
import { childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { layerOf, layerWords } from '../layers.ts'
import { site } from '../site.ts'
import { stringOf } from './syntax.ts'

const direction: Question = {
  id: 'imports/layers',
  subject: 'imports',
  languages: ['go'],
  asked: 'in sources',
  *sites(file, { paths }) {
    const folders = foldersOf(paths)
    for (const spec of file.nodes('import_spec')) {
      const path = childOf(spec, 'path')
      const parts = path ? (stringOf(file, path) ?? '').split('/') : []
      // The part of the path below the module's name is a folder here. One name alone may be another module's.
      const at = parts.findIndex((_, i) => i > 0 && folders.has(parts.slice(i).join('/')))
      if (!path || at === -1 || parts.length - at < 2) continue
      const layer = layerOf(dirname(file.path).split('/'), parts.slice(at))
      if (layer) yield site(file, path, layer.answer, layer.key)
    }
  },
  words: layerWords,
}

const known = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>()

/** Once for all files of a repository: there may be thousands. */
function foldersOf(paths: ReadonlySet<string>): ReadonlySet<string> {
  const folders =
    known.get(paths) ?? new Set([...paths].filter(path => path.endsWith('.go')).map(path => dirname(path)))
  known.set(paths, folders)
  return folders
}

export const layers: readonly Question[] = [direction]
