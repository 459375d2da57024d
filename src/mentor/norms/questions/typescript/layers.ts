import { dirname, join } from 'node:path/posix'
import type { Question } from '../../question.ts'
import { site } from '../site.ts'
import { sources } from './imports.ts'
import { SCRIPT } from './script.ts'

/**
 * Between two folders beside each other imports go one way, in a code that has layers. Each pair of names is a norm of its
 * own, so it speaks only where two repositories are cut alike.
 */
const direction: Question = {
  id: 'imports/layers',
  subject: 'imports',
  languages: SCRIPT,
  asked: 'in sources',
  *sites(file) {
    for (const { source, specifier } of sources(file)) {
      if (!specifier.startsWith('.')) continue
      const from = dirname(file.path).split('/')
      const to = dirname(join(dirname(file.path), specifier)).split('/')
      const fork = from.findIndex((folder, i) => folder !== to[i])
      const [ours, theirs] = [from[fork], to[fork]]
      if (!ours || !theirs || !NAME.test(ours) || !NAME.test(theirs)) continue
      yield site(file, source, `${ours} imports ${theirs}`, [ours, theirs].sort().join('~'))
    }
  },
  words: (norm, at) => {
    const [upper = '', , lower = ''] = norm.answer.split(' ')
    return {
      nudge: `Should \`${lower}\` know of \`${upper}\`?`,
      why: `In golden repositories ${norm.answer}, and not the other way: where “${at.answer}” too, neither can be read, tested or changed without the other.`,
    }
  },
}

/** A folder’s, and not the folder itself. */
const NAME = /^\w[\w.-]*$/

export const layers: readonly Question[] = [direction]
