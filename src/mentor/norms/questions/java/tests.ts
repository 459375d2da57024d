import { dirname } from 'node:path/posix'
import { childOf, firstOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'
import { callee, hasAnnotation, hasModifier } from './syntax.ts'

const ANNOTATED = /^(org\.junit\.\S*)?(Test|ParameterizedTest|RepeatedTest|Theory)$/

const fileName: Question = {
  id: 'tests/file-name',
  subject: 'tests',
  languages: ['java'],
  asked: 'in tests',
  *sites(file) {
    const type = firstOf(file.root, 'class_declaration')
    const name = childOf(type, 'name')
    if (!name || !file.nodes('method_declaration').some(made => hasAnnotation(file, made, ANNOTATED))) return
    const found = /(Tests?|IT|TestCase|Spec)$/.exec(file.textOf(name))?.[0]
    yield site(file, name, found ? `…${found}` : /^Test[A-Z]/.test(file.textOf(name)) ? 'Test…' : 'otherwise')
  },
  words: (norm, at) => ({
    nudge: `Would the team’s runner find this class? Golden repositories name classes of tests ${norm.answer}.`,
    why: `A runner looks for one pattern, and passes over a class that is named ${at.answer} without a word.`,
  }),
}

const placement: Question = {
  id: 'tests/placement',
  subject: 'tests',
  languages: ['java'],
  asked: 'in tests',
  *sites(file) {
    const type = firstOf(file.root, 'class_declaration')
    const name = childOf(type, 'name')
    if (!name || !file.nodes('method_declaration').some(made => hasAnnotation(file, made, ANNOTATED))) return
    const folder = /(^|\/)(src\/test\/java|src\/test|tests?)\//.exec(`${dirname(file.path)}/`)?.[2]
    yield site(file, name, folder ? `in ${folder}/` : 'beside the code')
  },
  words: (norm, at) => ({
    nudge: `Would one look for this test here? Golden repositories keep them ${norm.answer}.`,
    why: `Tests that lie elsewhere (${at.answer}) are packed with the product, or never run.`,
  }),
}

const visibility: Question = {
  id: 'tests/access',
  subject: 'tests',
  languages: ['java'],
  asked: 'in tests',
  *sites(file) {
    for (const made of file.nodes('method_declaration')) {
      const name = childOf(made, 'name')
      if (name && hasAnnotation(file, made, ANNOTATED))
        yield site(file, name, hasModifier(made, 'public') ? 'public' : 'of the package')
    }
  },
  words: saying({
    public: ['Is this test public as the others?', 'JUnit 4 runs only public ones.'],
    'of the package': [
      'Does JUnit need this to be public?',
      'JUnit 5 doesn’t, and golden repositories leave the word out.',
    ],
  }),
}

const assertions: Question = {
  id: 'tests/assertions',
  subject: 'tests',
  languages: ['java'],
  asked: 'in tests',
  *sites(file) {
    for (const call of file.nodes('method_invocation')) {
      const [called, name] = [callee(file, call), childOf(call, 'name')]
      const found =
        /^(Assert\.|Assertions\.)?(assertThat|assert(?:Equals|True|False|Null|NotNull|Same|ArrayEquals|Throws))$/.exec(
          called,
        )?.[2]
      if (name && found) yield site(file, name, found === 'assertThat' ? 'assertThat' : 'assertEquals …')
    }
  },
  words: saying({
    assertThat: ['Would `assertThat` say more when it fails?', 'It names the value and what was wanted of it.'],
    'assertEquals …': [
      'Would `assertEquals` and its kin read as the tests around it?',
      'Golden repositories check with JUnit’s own.',
    ],
  }),
}

export const tests: readonly Question[] = [fileName, placement, visibility, assertions]
