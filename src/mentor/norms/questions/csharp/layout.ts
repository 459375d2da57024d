import { basename } from 'node:path/posix'
import { childOf, firstOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { hasModifier } from './syntax.ts'

const braces: Question = {
  id: 'layout/braces',
  subject: 'layout',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const statement of file.nodes('if_statement', 'for_statement', 'foreach_statement', 'while_statement')) {
      const bodies = statement.children.filter(one => /^(consequence|body|alternative)$/.test(one.field))
      for (const body of bodies) {
        if (body.type === 'if_statement') continue
        const word = body.field === 'alternative' ? firstOf(statement, 'else') : statement.children[0]
        if (word) yield site(file, word, body.type === 'block' ? 'braces' : 'none')
      }
    }
  },
  words: saying({
    braces: [
      'Would braces keep the next line from slipping in?',
      'A second statement added below looks as if it belonged to the condition.',
    ],
    none: ['Does a single statement need braces?', 'Golden repositories leave them out.'],
  }),
}

const namespaces: Question = {
  id: 'layout/namespace',
  subject: 'layout',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes('file_scoped_namespace_declaration', 'namespace_declaration')) {
      const name = childOf(made, 'name')
      if (name && made.parent?.type === 'compilation_unit')
        yield site(file, name, made.type === 'namespace_declaration' ? 'block' : 'for the file')
    }
  },
  words: saying({
    'for the file': [
      'Could the namespace end with a semicolon?',
      'One namespace a file needs no braces, and everything moves a step to the left.',
    ],
    block: ['Should the namespace have braces?', 'Golden repositories write it as a block.'],
  }),
}

const usings: Question = {
  id: 'imports/usings',
  subject: 'imports',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    const namespace = file.nodes('file_scoped_namespace_declaration', 'namespace_declaration')[0]
    if (namespace === undefined) return
    for (const using of file.nodes('using_directive'))
      yield site(file, using, using.startIndex < namespace.startIndex ? 'above the namespace' : 'inside the namespace')
  },
  words: saying({
    'above the namespace': [
      'Could this stand above the namespace?',
      'Inside it, a name is first looked for in the enclosing namespaces, which may hold one of the same name.',
    ],
    'inside the namespace': [
      'Could this stand inside the namespace?',
      'Golden repositories keep them there, where they end with it.',
    ],
  }),
}

const fileName: Question = {
  id: 'layout/file-name',
  subject: 'layout',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    const home = /(^|_)(compilation_unit|namespace_declaration|declaration_list)$/
    const types = file
      .nodes(
        'class_declaration',
        'struct_declaration',
        'record_declaration',
        'interface_declaration',
        'enum_declaration',
      )
      .filter(
        made =>
          home.test(made.parent?.type ?? '') &&
          !/^(class|struct|record|interface)_/.test(made.parent?.parent?.type ?? ''),
      )
    const stem = basename(file.path, '.cs').split(/[.`{-]/)[0] ?? ''
    const names = types.flatMap(made => childOf(made, 'name') ?? [])
    const first = names[0]
    if (!first || types.some(made => hasModifier(file, made, 'partial'))) return
    yield site(
      file,
      names.find(name => file.textOf(name) === stem) ?? first,
      names.some(name => file.textOf(name) === stem) ? 'after a type' : 'otherwise',
    )
  },
  words: saying({
    'after a type': [
      'In which file would one look for this type?',
      'A file named after its type is found without a search.',
    ],
  }),
}

const access: Question = {
  id: 'layout/access',
  subject: 'layout',
  languages: ['csharp'],
  asked: 'everywhere',
  *sites(file) {
    for (const made of file.nodes(
      'field_declaration',
      'method_declaration',
      'property_declaration',
      'constructor_declaration',
    )) {
      const owner = made.parent?.parent?.type ?? ''
      const explicit = made.children.some(one => one.type === 'explicit_interface_specifier')
      if (!/^(class|struct|record)_declaration$/.test(owner) || explicit) continue
      const words = made.children.filter(one => one.type === 'modifier').map(one => file.textOf(one))
      if (words.includes('partial') || (made.type === 'constructor_declaration' && words.includes('static'))) continue
      const name =
        childOf(made, 'name') ??
        childOf(
          namedChildren(made).find(one => one.type === 'variable_declaration'),
          'type',
        )
      const said = words.some(word => /^(public|private|protected|internal|file)$/.test(word))
      if (name) yield site(file, name, said ? 'said' : 'left out')
    }
  },
  words: saying({
    said: [
      'Who may use this member?',
      'Golden repositories write the access of every member, so that a reader needn’t know the default.',
    ],
    'left out': ['Is `private` needed here?', 'It is the default, and golden repositories leave it out.'],
  }),
}

export const layout: readonly Question[] = [braces, namespaces, usings, fileName, access]
