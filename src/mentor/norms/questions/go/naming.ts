import { childOf, namedChildren } from '../../../parse/node.ts'
import type { Parsed, SyntaxNode } from '../../../parse/parsed.ts'
import type { Question } from '../../question.ts'
import { caseOf, inCase } from '../case.ts'
import { saying, site } from '../site.ts'
import { packageName } from './syntax.ts'

/** Initials that `golint` and the standard library write in one case. */
const INITIALS =
  /(?:Api|Ascii|Cpu|Css|Dns|Guid|Html|Http|Https|Id|Ip|Json|Rpc|Sql|Ssh|Tcp|Tls|Ttl|Udp|Uid|Uri|Url|Uuid|Xml)(?=[A-Z\d]|s?$)/

const functions: Question = {
  id: 'naming/function',
  subject: 'naming',
  languages: ['go'],
  asked: 'in sources',
  *sites(file) {
    for (const made of file.nodes('function_declaration', 'method_declaration')) {
      const name = childOf(made, 'name')
      if (name) yield* mixed(file, name)
    }
  },
  words: renamed('function'),
}

const variables: Question = {
  id: 'naming/variable',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const name of declared(file)) yield* mixed(file, name)
  },
  words: renamed('variable'),
}

const constants: Question = {
  id: 'naming/constant',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const spec of file.nodes('const_spec'))
      for (const name of spec.children) {
        if (name.field !== 'name') continue
        const written = caseOf(file.textOf(name))
        if (written === 'camelCase' || written === 'PascalCase') yield site(file, name, 'MixedCaps')
        else if (file.textOf(name).includes('_') && written !== 'flat') yield site(file, name, 'with underscores')
      }
  },
  words: saying({
    MixedCaps: [
      'Would MixedCaps do for this constant too?',
      'In Go the first letter alone says whether a name is exported; capitals and underscores say nothing more.',
      text => inCase(text, 'PascalCase'),
    ],
  }),
}

const initials: Question = {
  id: 'naming/initials',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    const fields = file.nodes('field_declaration').flatMap(one => one.children.filter(name => name.field === 'name'))
    const made = file.nodes('function_declaration', 'method_declaration', 'type_spec').map(one => childOf(one, 'name'))
    for (const name of [...declared(file), ...fields, ...made]) {
      if (!name) continue
      const written = file.textOf(name)
      if (INITIALS.test(written)) yield site(file, name, 'capitalized')
      else if (
        /(API|CPU|DNS|HTML|HTTPS?|ID|IP|JSON|RPC|SQL|SSH|TCP|TLS|TTL|UDP|UID|URI|URL|UUID|XML)(?![a-z]{2})/.test(
          written.slice(1),
        ) &&
        /[a-z]/.test(written)
      )
        yield site(file, name, 'in capitals')
    }
  },
  words: saying({
    'in capitals': [
      'Would these initials read better in one case?',
      'Go writes `URL`, `ID` and `HTTP` whole, as its standard library does, so a search finds them all.',
      text => text.replace(new RegExp(INITIALS, 'g'), found => found.toUpperCase()),
    ],
    capitalized: [
      'Are initials written as words elsewhere?',
      'Golden repositories write `Url` and `Id`, so word borders stay visible.',
    ],
  }),
}

const receiverLength: Question = {
  id: 'naming/receiver',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const { name } of receivers(file)) {
      const text = file.textOf(name)
      if (text !== '_')
        yield site(file, name, /^(this|self|me)$/.test(text) || text.length > 3 ? 'a word' : 'a letter or two')
    }
  },
  words: saying({
    'a letter or two': [
      'Would a letter or two do for the receiver?',
      'It stands in every line of the method, and its type is in the line above.',
    ],
    'a word': ['Would a word say more than a letter?', 'Golden repositories name the receiver as any other variable.'],
  }),
}

const receiverSame: Question = {
  id: 'naming/receiver-same',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    const byType = Map.groupBy(receivers(file), one => one.type)
    for (const methods of byType.values()) {
      if (methods.length < 3) continue
      const counts = Map.groupBy(methods, one => file.textOf(one.name))
      const [usual] = [...counts.values()].sort((a, b) => b.length - a.length)
      for (const one of methods)
        yield site(file, one.name, usual?.includes(one) ? 'as in its other methods' : 'otherwise')
    }
  },
  words: saying({
    'as in its other methods': [
      'Is this receiver named as in the other methods of its type?',
      'A second name for the same thing makes a reader look up which is which.',
    ],
  }),
}

const errorValues: Question = {
  id: 'naming/sentinel',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const spec of file.nodes('var_spec')) {
      const name = childOf(spec, 'name')
      const top = spec.parent?.parent?.type === 'source_file' || spec.parent?.parent?.parent?.type === 'source_file'
      const value = childOf(spec, 'value')
      if (!name || !top || !value || !/^(errors\.New|fmt\.Errorf)\(/.test(file.textOf(value))) continue
      yield site(file, name, /^[eE]rr(?![a-z])/.test(file.textOf(name)) ? 'Err…' : 'otherwise')
    }
  },
  words: saying({
    'Err…': [
      'Would a reader see that this is an error?',
      'Errors to compare with begin with `Err`, so that `errors.Is(err, ErrX)` reads by itself.',
    ],
  }),
}

const packages: Question = {
  id: 'naming/package',
  subject: 'naming',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    const clause = file.nodes('package_clause')[0]?.children.find(one => one.type === 'package_identifier')
    const name = packageName(file).replace(/_test$/, '')
    if (clause && name) yield site(file, clause, /^[a-z\d]+$/.test(name) ? 'one lower-case word' : 'otherwise')
  },
  words: saying({
    'one lower-case word': [
      'Could the package have a short name of one word?',
      'It stands before every name that others use of it.',
      text => text.replace(/(?<!^)_(?!test$)/g, '').toLowerCase(),
    ],
  }),
}

/** Names of parameters and of what `:=` and `var` make. */
function declared(file: Parsed): SyntaxNode[] {
  const parameters = file
    .nodes('parameter_declaration')
    .flatMap(one => one.children.filter(name => name.field === 'name'))
  const made = file.nodes('short_var_declaration').flatMap(one => namedChildren(childOf(one, 'left')))
  const variables = file.nodes('var_spec').flatMap(one => one.children.filter(name => name.field === 'name'))
  return [...parameters, ...made, ...variables].filter(one => one.type === 'identifier')
}

function receivers(file: Parsed): { name: SyntaxNode; type: string }[] {
  return file.nodes('method_declaration').flatMap(method => {
    const receiver = namedChildren(childOf(method, 'receiver'))[0]
    const [name, type] = [childOf(receiver, 'name'), childOf(receiver, 'type')]
    return name && type ? [{ name, type: file.textOf(type).replace(/^\*|\[.*$/g, '') }] : []
  })
}

function* mixed(file: Parsed, name: SyntaxNode) {
  const written = caseOf(file.textOf(name))
  if (written === 'camelCase' || (written === 'PascalCase' && file.textOf(name).length > 1))
    yield site(file, name, 'MixedCaps')
  else if (file.textOf(name).slice(1).includes('_') && written !== 'flat') yield site(file, name, 'with underscores')
}

function renamed(what: string): Question['words'] {
  return saying({
    MixedCaps: [
      `Would this ${what} read like the names around it in MixedCaps?`,
      'Go joins words by capitals; an underscore makes a reader think of generated code or of C.',
      text => inCase(text, /^[A-Z]/.test(text) ? 'PascalCase' : 'camelCase'),
    ],
  })
}

export const naming: readonly Question[] = [
  functions,
  variables,
  constants,
  initials,
  receiverLength,
  receiverSame,
  errorValues,
  packages,
]
