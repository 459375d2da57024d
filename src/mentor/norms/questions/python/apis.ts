import { around, childOf, namedChildren } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const none: Question = {
  id: 'apis/none-comparison',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const compared of file.nodes('comparison_operator')) {
      const operator = compared.children.find(one => one.field === 'operators')
      const right = compared.children.at(-1)
      if (!operator || right?.type !== 'none' || namedChildren(compared).length !== 2) continue
      const answer = { is: 'is', 'is not': 'is', '==': '==', '!=': '==' }[file.textOf(operator)]
      if (answer) yield site(file, operator, answer)
    }
  },
  words: saying({
    is: [
      'Is this compared by identity on purpose?',
      '`== None` asks the other object’s `__eq__`, which may answer anything (an array answers with an array).',
      text => ({ '==': 'is', '!=': 'is not' })[text],
    ],
  }),
}

const defaults: Question = {
  id: 'apis/mutable-default',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const parameter of file.nodes('default_parameter', 'typed_default_parameter')) {
      const value = childOf(parameter, 'value')
      if (!value) continue
      const mutable =
        /^(\[\]|\{\}|(list|dict|set)\(\))$/.test(file.textOf(value)) || /^(list|dictionary|set)$/.test(value.type)
      if (mutable || value.type === 'none') yield site(file, value, mutable ? 'shared' : 'None')
    }
  },
  words: saying({
    None: [
      'Whose list is this on the second call?',
      'A default is made once, with the function: what one call puts into it, the next one finds there.',
      () => 'None',
    ],
  }),
}

const types: Question = {
  id: 'apis/type-check',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      const name = callee && file.textOf(callee)
      if (callee?.type !== 'identifier') continue
      if (name === 'isinstance') yield site(file, callee, 'isinstance')
      const one = name === 'type' && namedChildren(childOf(call, 'arguments')).length === 1
      if (one && call.parent?.type === 'comparison_operator') yield site(file, callee, 'type()')
    }
  },
  words: saying({
    isinstance: [
      'What should happen with a subclass here?',
      'Comparing `type()` turns away every subclass, also those that a caller makes to test or to extend.',
    ],
  }),
}

const formatting: Question = {
  id: 'apis/format',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const text of file.nodes('string'))
      if (text.children.some(one => one.type === 'interpolation')) yield site(file, text, 'f-string')
    for (const operator of file.nodes('binary_operator')) {
      const left = childOf(operator, 'left')
      const sign = childOf(operator, 'operator')
      const percent = sign?.type === '%' && left?.type === 'string' && /%[\w(.-]/.test(file.textOf(left))
      // Bytes have no other way.
      if (percent && left && !/^[rR]?[bB]/.test(file.textOf(left))) yield site(file, operator, '%')
    }
    for (const attribute of file.nodes('attribute')) {
      const called = attribute.field === 'function' && attribute.parent?.type === 'call'
      const [object, name] = [childOf(attribute, 'object'), childOf(attribute, 'attribute')]
      if (called && object?.type === 'string' && name && file.textOf(name) === 'format')
        yield site(file, name, 'format()')
    }
  },
  words: saying({
    'f-string': [
      'Would an f-string put the values where they are read?',
      'With `%` and `format()` a reader counts places, and a missing value fails only when the line runs.',
    ],
    'format()': [
      'Would `format()` match the strings around it?',
      'One way of building strings is one way to look for them.',
    ],
    '%': ['Would `%` match the strings around it?', 'One way of building strings is one way to look for them.'],
  }),
}

const parents: Question = {
  id: 'apis/super',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee || file.textOf(callee) !== 'super' || !around(call, 'class_definition')) continue
      const given = namedChildren(childOf(call, 'arguments')).length
      yield site(file, call, given === 0 ? 'super()' : 'super(…)')
    }
  },
  words: saying({
    'super()': [
      'Does this need to name its class?',
      'Named arguments go stale when the class is renamed or its method copied.',
      () => 'super()',
    ],
  }),
}

const membership: Question = {
  id: 'apis/negated-test',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const compared of file.nodes('comparison_operator')) {
      const operator = compared.children.find(one => one.field === 'operators')
      const sign = operator && file.textOf(operator)
      if (sign === 'not in' || sign === 'is not') yield site(file, operator ?? compared, 'one operator')
      const negated = compared.parent?.type === 'not_operator' && namedChildren(compared).length === 2
      if (negated && compared.parent && (sign === 'in' || sign === 'is')) yield site(file, compared.parent, 'not … in')
    }
  },
  words: saying({
    'one operator': [
      'Would `not in` or `is not` read in one go?',
      '`not x in y` is read as `(not x) in y` at first sight.',
      text =>
        /^not\s+(\S+)\s+(in|is)\s+(\S+)$/
          .exec(text)
          ?.slice(1)
          .join(' ')
          .replace(' in ', ' not in ')
          .replace(' is ', ' is not '),
    ],
  }),
}

const generics: Question = {
  id: 'apis/generic-types',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const subscript of file.nodes('subscript', 'generic_type')) {
      const name = subscript.children[0]
      const written = name && file.textOf(name)
      if (!name || !around(name, 'type')) continue
      if (/^(list|dict|set|tuple|frozenset|type)$/.test(written ?? '')) yield site(file, name, 'built in')
      if (/^((typing|t)\.)?(List|Dict|Set|Tuple|FrozenSet|Type)$/.test(written ?? ''))
        yield site(file, name, 'of typing')
    }
  },
  words: saying({
    'built in': [
      'Does this type need `typing`?',
      'Since Python 3.9 the built-in types take parameters themselves; those of `typing` are deprecated.',
      text => text.replace(/^.*\./, '').toLowerCase(),
    ],
    'of typing': [
      'Must this run on Pythons before 3.9?',
      'There the built-in types take no parameters; golden repositories use those of `typing`.',
    ],
  }),
}

const optional: Question = {
  id: 'apis/optional-type',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const subscript of file.nodes('subscript', 'generic_type')) {
      const name = subscript.children[0]
      if (name && /^((typing|t)\.)?Optional$/.test(file.textOf(name)) && around(name, 'type'))
        yield site(file, name, 'Optional[…]')
    }
    for (const right of file.nodes('none')) {
      const union = right.parent
      const either =
        union?.type === 'union_type' || (union?.type === 'binary_operator' && childOf(union, 'operator')?.type === '|')
      if (union && either && around(union, 'type')) yield site(file, right, '… | None')
    }
  },
  words: saying({
    '… | None': [
      'Would `… | None` say it without an import?',
      '“Optional” is easily read as “may be left out”, while it only means that `None` is allowed.',
    ],
    'Optional[…]': [
      'Would `Optional[…]` match the signatures around it?',
      'Golden repositories write it so, and run on Pythons that know no `|` between types.',
    ],
  }),
}

const empties: Question = {
  id: 'apis/empty-collection',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      if (/^(list|dict)\(\)$/.test(file.textOf(call))) yield site(file, call, 'call')
    }
    for (const literal of file.nodes('list', 'dictionary'))
      if (literal.children.length === 2 && literal.field === 'right') yield site(file, literal, 'literal')
  },
  words: saying({
    literal: [
      'Would a literal do?',
      '`[]` and `{}` are seen at a glance and need no look-up of a name.',
      text => ({ 'list()': '[]', 'dict()': '{}' })[text.replace(/\s/g, '')],
    ],
  }),
}

const paths: Question = {
  id: 'apis/paths',
  subject: 'apis',
  languages: ['python'],
  asked: 'everywhere',
  *sites(file) {
    for (const call of file.nodes('call')) {
      const callee = childOf(call, 'function')
      if (!callee) continue
      const name = file.textOf(callee)
      if (/^os\.path\.(join|exists|dirname|basename|isfile|isdir|splitext|abspath)$/.test(name))
        yield site(file, callee, 'os.path')
      else if (/^(pathlib\.)?Path$/.test(name)) yield site(file, callee, 'pathlib')
    }
  },
  words: saying({
    pathlib: [
      'Would a `Path` carry this better than a string?',
      'A `Path` joins, opens and asks by itself, and can’t be mistaken for other text.',
    ],
    'os.path': [
      'Would `os.path` match the code around it?',
      'Golden repositories pass paths as strings; a `Path` among them has to be turned back.',
    ],
  }),
}

export const apis: readonly Question[] = [
  none,
  defaults,
  types,
  formatting,
  parents,
  membership,
  generics,
  optional,
  empties,
  paths,
]
