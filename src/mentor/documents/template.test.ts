import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillTemplate, TemplateInvalid } from './template.ts'

test('values, lists and what stands for an empty list', () => {
  const values = {
    title: 'Style',
    norms: [
      { name: 'a', places: [{ at: 1 }, { at: 2 }] },
      { name: 'b', places: [] },
    ],
  }
  const template =
    '# {{title}}\n{{#norms}}\n- {{ name }}:{{#places}} {{at}} in {{title}}{{/places}}{{^places}} nowhere{{/places}}\n{{/norms}}\nend\n'
  assert.equal(fillTemplate(template, values), '# Style\n- a: 1 in Style 2 in Style\n- b: nowhere\nend\n')
})

test('what a value holds is never read as a template', () => {
  assert.equal(fillTemplate('{{a}}', { a: '{{b}} $& {{#a}}' }), '{{b}} $& {{#a}}')
})

test('a template that cannot be filled says where and what there is', () => {
  const cases: [string, RegExp, RegExp][] = [
    ['a\n{{nmae}}', /line 2: there is no "nmae"/, /list, name$/],
    ['{{#list}}\n{{/name}}', /line 2: \{\{\/name\}\} closes what is not open/, /Open it/],
    ['x\n\n{{#list}}', /line 3: \{\{#list\}\} is never closed/, /Close it/],
    ['{{list}}', /line 1: "list" is a list/, /\{\{#list\}\}/],
    ['{{#name}}{{/name}}', /"name" is no list/, /\{\{name\}\}/],
    ['{{constructor}}', /there is no "constructor"/, /name/],
    ['x'.repeat(200_001), /more than 200000 characters/, /Shorten/],
  ]
  for (const [template, says, next] of cases) {
    assert.throws(
      () => fillTemplate(template, { name: 'n', list: [] }),
      error => {
        assert.ok(error instanceof Error && 'code' in error && error.code === TemplateInvalid.code)
        assert.match(error.message, says)
        assert.match((error as { next?: string }).next ?? '', next)
        return true
      },
    )
  }
})
