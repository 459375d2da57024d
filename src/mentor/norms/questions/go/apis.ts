import { around, childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { argumentsOf, callee } from './syntax.ts'

const FUNCTIONS = ['function_declaration', 'method_declaration', 'func_literal']

const anything: Question = {
  id: 'apis/any',
  subject: 'apis',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const type of file.nodes('interface_type'))
      if (/^interface\s*\{\s*\}$/.test(file.textOf(type))) yield site(file, type, 'interface{}')
    for (const type of file.nodes('type_identifier')) if (file.textOf(type) === 'any') yield site(file, type, 'any')
  },
  words: saying({
    any: ['Would `any` say it?', 'It is the same type under a name that can be read.', () => 'any'],
    'interface{}': [
      'Must this build with Go before 1.18?',
      'Golden repositories write `interface{}`, which every Go knows.',
      () => 'interface{}',
    ],
  }),
}

const files: Question = {
  id: 'apis/ioutil',
  subject: 'apis',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const [name, made] = [callee(file, call), call.children[0]]
      if (!made) continue
      if (name.startsWith('ioutil.')) yield site(file, made, 'ioutil')
      else if (/^(os\.(ReadFile|WriteFile|ReadDir|MkdirTemp|CreateTemp)|io\.(ReadAll|NopCloser))$/.test(name))
        yield site(file, made, 'io and os')
    }
  },
  words: saying({
    'io and os': [
      'Is there a newer home for this function?',
      'All of `ioutil` moved to `io` and `os` in Go 1.16; the old names are deprecated.',
      text => {
        const moved: Readonly<Record<string, string>> = {
          ReadAll: 'io.ReadAll',
          NopCloser: 'io.NopCloser',
          ReadFile: 'os.ReadFile',
          WriteFile: 'os.WriteFile',
          ReadDir: 'os.ReadDir',
          TempDir: 'os.MkdirTemp',
          TempFile: 'os.CreateTemp',
          Discard: 'io.Discard',
        }
        return moved[text.slice('ioutil.'.length)]
      },
    ],
  }),
}

const slices: Question = {
  id: 'apis/empty-slice',
  subject: 'apis',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const spec of file.nodes('var_spec'))
      if (childOf(spec, 'type')?.type === 'slice_type' && !childOf(spec, 'value') && around(spec, ...FUNCTIONS))
        yield site(file, spec, 'var')
    for (const literal of file.nodes('composite_literal')) {
      const made =
        literal.parent?.parent?.type === 'short_var_declaration' && childOf(literal, 'type')?.type === 'slice_type'
      if (made && namedChildren(childOf(literal, 'body')).length === 0) yield site(file, literal, 'literal')
    }
  },
  words: saying({
    var: [
      'Does it matter here that the slice is not nil?',
      'A nil slice can be read and appended to; a literal says that the difference matters, as in JSON.',
    ],
    literal: [
      'Should an empty result be nil or empty?',
      'Golden repositories begin with an empty literal, which becomes `[]` in JSON.',
    ],
  }),
}

const maps: Question = {
  id: 'apis/empty-map',
  subject: 'apis',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const given = argumentsOf(call)
      if (callee(file, call) === 'make' && given.length === 1 && given[0]?.type === 'map_type')
        yield site(file, call, 'make')
    }
    for (const literal of file.nodes('composite_literal')) {
      const map = childOf(literal, 'type')?.type === 'map_type' && namedChildren(childOf(literal, 'body')).length === 0
      if (map) yield site(file, literal, 'literal')
    }
  },
  words: saying({
    make: [
      'Would `make` show that this is filled later?',
      'A literal is expected to list what is in it.',
      text => `make(${text.replace(/\s*\{\s*\}$/, '')})`,
    ],
    literal: [
      'Would `{}` be shorter?',
      'Golden repositories write an empty map as a literal.',
      text => text.replace(/^make\((.*)\)$/s, '$1{}'),
    ],
  }),
}

const keyed: Question = {
  id: 'apis/keyed-literal',
  subject: 'apis',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const literal of file.nodes('composite_literal')) {
      const type = childOf(literal, 'type')
      const given = namedChildren(childOf(literal, 'body'))
      // Of another package's types only structs are sure, where there are several values.
      if (type?.type !== 'qualified_type' || given.length < 2) continue
      yield site(file, type, given.every(one => one.type === 'keyed_element') ? 'with names' : 'by place')
    }
  },
  words: saying({
    'with names': [
      'Which value is which field?',
      'Values by place break, or change meaning, when the other package adds a field.',
    ],
  }),
}

const elapsed: Question = {
  id: 'apis/elapsed',
  subject: 'apis',
  languages: ['go'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call_expression')) {
      const called = childOf(call, 'function')
      if (callee(file, call) === 'time.Since' && called) yield site(file, called, 'time.Since')
      else if (called && file.textOf(called) === 'time.Now().Sub') yield site(file, called, 'time.Now().Sub')
    }
  },
  words: saying({
    'time.Since': ['Would `time.Since` say it?', 'It names what is asked: how long ago.', () => 'time.Since'],
  }),
}

export const apis: readonly Question[] = [anything, files, slices, maps, keyed, elapsed]
