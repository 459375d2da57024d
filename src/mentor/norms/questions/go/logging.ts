import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { callee, isMain } from './syntax.ts'

const LOGGED = /(^|\.)(log|slog|logger|Logger|l|lg|klog|glog|zap|logs)\.(Print|Debug|Info|Warn|Error|Log|V)\w*$/

const printed: Question = {
  id: 'logging/print',
  subject: 'logging',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    if (isMain(file)) return
    for (const call of file.nodes('call_expression')) {
      const [name, made] = [callee(file, call), call.children[0]]
      if (!made) continue
      if (/^fmt\.Print(f|ln)?$/.test(name)) yield site(file, made, 'printed')
      else if (LOGGED.test(name)) yield site(file, made, 'logged')
    }
  },
  words: saying({
    logged: ['Who reads this line, and can they turn it off?', 'What a library prints lands in its caller’s output.'],
  }),
}

const fatal: Question = {
  id: 'logging/fatal',
  subject: 'logging',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    if (isMain(file)) return
    for (const call of file.nodes('call_expression')) {
      const [name, made] = [callee(file, call), call.children[0]]
      if (!made) continue
      if (/^(log\.(Fatal|Panic)(f|ln)?|os\.Exit)$/.test(name)) yield site(file, made, 'ends the program')
      else if (/^(errors\.New|fmt\.Errorf)$/.test(name)) yield site(file, made, 'returns an error')
    }
  },
  words: saying({
    'returns an error': [
      'Should this package end its caller’s program?',
      '`log.Fatal` and `os.Exit` skip every deferred call, and no caller can do anything about it.',
    ],
  }),
}

export const logging: readonly Question[] = [printed, fatal]
