import { around, childOf } from '../../../parse/node.ts'
import type { Question } from '../../question.ts'
import { saying, site } from '../site.ts'

const ATTRIBUTE = /^(Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)$/

const framework: Question = {
  id: 'tests/attribute',
  subject: 'tests',
  languages: ['csharp'],
  asked: 'in tests',
  *sites(file) {
    for (const attribute of file.nodes('attribute')) {
      const name = childOf(attribute, 'name')
      const written = name && ATTRIBUTE.exec(file.textOf(name))?.[1]
      const by = written && { Fact: 'xUnit', Theory: 'xUnit', Test: 'NUnit', TestCase: 'NUnit' }[written]
      if (name && written) yield site(file, name, by ?? 'MSTest')
    }
  },
  words: saying({
    xUnit: [
      'Would `[Fact]` or `[Theory]` run with the others?',
      'A test of another framework is passed over by the team’s runner.',
      () => 'Fact',
    ],
    NUnit: [
      'Would `[Test]` run with the others?',
      'A test of another framework is passed over by the team’s runner.',
      () => 'Test',
    ],
    MSTest: [
      'Would `[TestMethod]` run with the others?',
      'A test of another framework is passed over by the team’s runner.',
      () => 'TestMethod',
    ],
  }),
}

const className: Question = {
  id: 'tests/class-name',
  subject: 'tests',
  languages: ['csharp'],
  asked: 'in tests',
  *sites(file) {
    const tests = file.nodes('attribute').filter(one => ATTRIBUTE.test(file.textOf(childOf(one, 'name') ?? one)))
    for (const made of new Set(tests.map(one => around(one, 'class_declaration')))) {
      const name = childOf(made, 'name')
      const nested = around(made ?? file.root, 'class_declaration') !== undefined
      if (name && !nested)
        yield site(file, name, /(Tests?|Specs?|Facts|Fixture)$/.exec(file.textOf(name))?.[0] ?? 'otherwise')
    }
  },
  words: (norm, at) => ({
    nudge: `Would one find this class under a name that ends with ${norm.answer}?`,
    why: `Golden repositories name classes of tests after what they test and \`${norm.answer}\`; this one ends with ${at.answer}.`,
  }),
}

export const tests: readonly Question[] = [framework, className]
