import { childOf, firstOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { layerOf, layerWords } from '../layers.ts'
import { site } from '../site.ts'
import { packageRoot } from './imports.ts'

const direction: Question = {
  id: 'imports/layers',
  subject: 'imports',
  languages: ['python'],
  asked: 'in sources',
  *sites(file, { paths }) {
    const folders = file.path.split('/').slice(0, -1)
    const root = packageRoot(folders, paths)
    if (root === -1) return
    for (const from of file.nodes('import_from_statement')) {
      const module = childOf(from, 'module_name')
      if (!module) continue
      const prefix = firstOf(module, 'import_prefix')
      const written = file.textOf(module).replace(/^\.+/, '')
      const name = written === '' ? [] : written.split('.')
      const dots = prefix ? file.textOf(prefix).length : 0
      if (dots === 0 && name[0] !== folders[root]) continue
      const to = [...folders.slice(0, dots === 0 ? root : folders.length - dots + 1), ...name]
      // The last name is a module, unless it is a package.
      const holder = paths.has(`${to.join('/')}/__init__.py`) ? to : to.slice(0, -1)
      const layer = layerOf(folders.slice(root), holder.slice(root))
      if (layer) yield site(file, module, layer.answer, layer.key)
    }
  },
  words: layerWords,
}

export const layers: readonly Question[] = [direction]
