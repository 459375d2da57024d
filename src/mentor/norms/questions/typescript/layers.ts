import { dirname, join } from 'node:path/posix'
import type { Question } from '../../question.ts'
import { layerOf, layerWords } from '../layers.ts'
import { site } from '../site.ts'
import { sources } from './imports.ts'
import { SCRIPT } from './script.ts'

const direction: Question = {
  id: 'imports/layers',
  subject: 'imports',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const { source, specifier } of sources(file)) {
      if (!specifier.startsWith('.')) continue
      const to = dirname(join(dirname(file.path), specifier)).split('/')
      const layer = layerOf(dirname(file.path).split('/'), to)
      if (layer) yield site(file, source, layer.answer, layer.key)
    }
  },
  words: layerWords,
}

export const layers: readonly Question[] = [direction]
