import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question, Site } from '../../question.ts'
import { caseOf, inCase } from '../case.ts'
import { renamed } from '../renamed.ts'
import { inside, saying, site } from '../site.ts'
import { hasModifier } from './syntax.ts'

const TYPES = [
  'class_declaration',
  'struct_declaration',
  'record_declaration',
  'enum_declaration',
  'delegate_declaration',
]

const types: Question = {
  id: 'naming/type',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes(...TYPES)) yield* cased(file, childOf(made, 'name'))
  },
  words: renamed('type', withoutUnderscores),
}

const interfaces: Question = {
  id: 'naming/interface',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('interface_declaration')) {
      const name = childOf(made, 'name')
      if (name) yield site(file, name, /^I[A-Z]/.test(file.textOf(name)) ? 'I…' : 'otherwise')
    }
  },
  words: saying({
    'I…': [
      'Would a reader see that this is an interface?',
      'In a list of base types the `I` tells what is promised from what is inherited.',
      text => `I${text}`,
    ],
  }),
}

const members: Question = {
  id: 'naming/member',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('method_declaration', 'property_declaration')) {
      const name = childOf(made, 'name')
      // Names of tests are sentences, and of externals not ours to choose.
      if (!name || hasModifier(file, made, 'extern') || file.textOf(name).includes('_')) continue
      yield* cased(file, name)
    }
  },
  words: renamed('member', withoutUnderscores),
}

const constants: Question = {
  id: 'naming/constant',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('field_declaration'))
      if (hasModifier(file, made, 'const'))
        for (const one of inside(made, ['variable_declarator'])) yield* cased(file, childOf(one, 'name'))
  },
  words: renamed('constant', withoutUnderscores),
}

const fields: Question = {
  id: 'naming/private-field',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('field_declaration')) {
      const open = ['const', 'static', 'public', 'protected', 'internal'].some(word => hasModifier(file, made, word))
      if (open || !/^(class|record|struct)_declaration$/.test(made.parent?.parent?.type ?? '')) continue
      for (const one of inside(made, ['variable_declarator'])) {
        const name = childOf(one, 'name')
        const shape = name && /^(m_|_|s_)?([a-zA-Z])/.exec(file.textOf(name))
        if (name && shape)
          yield site(file, name, `${shape[1] ?? ''}${/[a-z]/.test(shape[2] ?? '') ? 'camelCase' : 'PascalCase'}`)
      }
    }
  },
  words: (norm, at, file) => {
    const [, before = '', wanted = ''] = /^(m_|_|s_)?(\w+)$/.exec(norm.answer) ?? []
    const bare = file.text.slice(at.startIndex, at.endIndex).replace(/^(m_|s_|_)/, '')
    const sketch = before + (inCase(bare, wanted) ?? bare)
    return {
      nudge: `Would \`${sketch}\` read like the fields around it?`,
      why: 'The name alone should tell a field from a parameter and a local in the middle of a method.',
      sketch,
    }
  },
}

const parameters: Question = {
  id: 'naming/parameter',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const one of file.nodes('parameter')) {
      const of = one.parent?.parent
      // A record's parameters are its properties, and what a generator fills in may name its placeholders.
      if (of?.type !== 'record_declaration' && !(of && hasModifier(file, of, 'partial')))
        yield* cased(file, childOf(one, 'name'))
    }
  },
  words: renamed('parameter', withoutUnderscores),
}

const locals: Question = {
  id: 'naming/local',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('local_declaration_statement'))
      if (!hasModifier(file, made, 'const'))
        for (const variables of namedChildren(made).filter(one => one.type === 'variable_declaration'))
          for (const one of namedChildren(variables))
            if (one.type === 'variable_declarator') yield* cased(file, childOf(one, 'name'))
  },
  words: renamed('local', withoutUnderscores),
}

const typeParameters: Question = {
  id: 'naming/type-parameter',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const one of file.nodes('type_parameter')) {
      const name = childOf(one, 'name')
      if (name) yield site(file, name, /^T([A-Z\d]|$)/.test(file.textOf(name)) ? 'T…' : 'otherwise')
    }
  },
  words: saying({
    'T…': [
      'Would a reader see that this is a type parameter?',
      'Without its `T` it looks like a class that they should know.',
      text => `T${text}`,
    ],
  }),
}

const asyncEnding: Question = {
  id: 'naming/async',
  subject: 'naming',
  languages: ['csharp'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('method_declaration')) {
      const [name, returns] = [childOf(made, 'name'), childOf(made, 'returns')]
      const task = returns && /^(Task|ValueTask)\b/.test(file.textOf(returns))
      if (!name || !task || hasModifier(file, made, 'override')) continue
      yield site(file, name, file.textOf(name).endsWith('Async') ? '…Async' : 'otherwise')
    }
  },
  words: saying({
    '…Async': [
      'Would a caller see that this must be awaited?',
      'A call without `await` compiles, and its exception is lost; the ending reminds.',
      text => `${text}Async`,
    ],
  }),
}

function* cased(file: Parsed, name: SyntaxNode | undefined): Generator<Site> {
  const text = name ? file.textOf(name) : ''
  const written = caseOf(text)
  if (!name || written === 'mixed' || text.replace(/^[_@]+/, '').length < 2) return
  yield site(file, name, written === 'flat' ? 'camelCase' : written)
}

export const naming: readonly Question[] = [
  types,
  interfaces,
  members,
  constants,
  fields,
  parameters,
  locals,
  typeParameters,
  asyncEnding,
]

function withoutUnderscores(name: string): string {
  return name.replace(/^_+/, '')
}
