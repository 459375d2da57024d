import { childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { layerOf, layerWords } from '../layers.ts'
import { site } from '../site.ts'

const direction: Question = {
  id: 'imports/layers',
  subject: 'imports',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    const namespace = childOf(file.nodes('file_scoped_namespace_declaration', 'namespace_declaration')[0], 'name')
    const from = namespace ? file.textOf(namespace).split('.') : []
    for (const using of file.nodes('using_directive')) {
      const name = using.children.find(one => one.type === 'qualified_name')
      // An alias and a static using name a type.
      if (!name || using.children.some(one => one.type === 'static' || one.field === 'name')) continue
      const to = file.textOf(name).split('.')
      const layer = to[0] === from[0] ? layerOf(from, to) : undefined
      if (layer) yield site(file, name, layer.answer, layer.key)
    }
  },
  words: layerWords,
}

export const layers: readonly Question[] = [direction]
