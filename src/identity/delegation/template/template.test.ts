import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Failure } from '../../../kernel/index.ts'
import { createEvaluator, type Json } from './evaluate.ts'
import { parseExpression, readText, writeText } from './expression.ts'
import { guid } from './guid.ts'
import { evaluateTemplate, parseDeep } from './template.ts'

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-08-01/subscriptionDeploymentTemplate.json#'

type Parts = { parameters?: Json; variables?: { [name: string]: Json }; value: Json }

/** What one output comes to. */
function value({ parameters = {}, variables = {}, value }: Parts, given: { [name: string]: Json } = {}): Json {
  const document = { $schema: SCHEMA, contentVersion: '1.0.0.0', parameters, variables, resources: [] }
  return evaluateTemplate({ ...document, outputs: { it: { type: 'string', value } } }, given).outputs.it ?? null
}

const fails = (code: string, says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error))
  assert.equal(error.code, code, error.message)
  assert.match(error.message, says)
  assert.ok(error.next.length > 0)
  return true
}

test('guid() is version 5 under the fixed namespace, of its values joined by "-"', () => {
  // As Python's uuid.uuid5(UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830"), …) has them.
  assert.equal(guid(['lighthouse-sre-demo']), '59f51389-5773-5fcf-8e72-79a5ce6a33ef')
  assert.equal(guid(['a', 'b']), guid(['a-b']))
  assert.notEqual(guid(['a']), guid(['b']))
})

test('functions nest, names are read without regard to case, members are reached', () => {
  const variables = { deep: { List: [{ id: 7 }] }, half: "[concat('x', 'y')]" }
  assert.equal(value({ variables, value: "[Concat(VARIABLES('Half'), '-', concat('z'))]" }), 'xy-z')
  assert.equal(value({ variables, value: "[variables('deep').list[0].id]" }), 7)
  assert.deepEqual(value({ variables, value: { a: ["[variables('half')]", 1, true, null] } }), {
    a: ['xy', 1, true, null],
  })
  assert.deepEqual(value({ variables: { l: [1] }, value: "[concat(variables('l'), variables('l'))]" }), [1, 1])
  assert.equal(value({ value: "[resourceId('A.B/c/', 'n')]" }), '/providers/A.B/c/n')
  assert.equal(value({ value: "[resourceId('A.B/c/d', 'n', 'm')]" }), '/providers/A.B/c/n/d/m')
})

test('quotes are doubled inside text, and "[[" is text that begins with a bracket', () => {
  assert.equal(value({ value: "[concat('it''s', '''')]" }), "it's'")
  assert.equal(value({ value: '[[not run]' }), '[not run]')
  assert.equal(value({ value: '[[both' }), '[[both')
  assert.equal(value({ value: '[one' }), '[one')
})

test('any text survives being written into a template', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom('[', ']', "'", 'a')).map(signs => signs.join('')),
  )
  fc.assert(
    fc.property(text, text => {
      assert.deepEqual(readText(writeText(text)), { plain: text })
      const quoted = `concat('${text.replaceAll("'", "''")}')`
      assert.deepEqual(
        createEvaluator({ parameters: new Map(), variables: new Map() }).resolve(`[${quoted}]`, 'x'),
        text,
      )
    }),
  )
})

test('given parameters come before defaults, and no expression in them runs', () => {
  const parameters = { a: { type: 'string', defaultValue: "[concat('de', 'fault')]" }, b: { type: 'int' } }
  assert.equal(value({ parameters, value: "[parameters('a')]" }), 'default')
  assert.equal(value({ parameters, value: "[parameters('a')]" }, { a: "[guid('x')]" }), "[guid('x')]")
  assert.equal(value({ parameters, value: "[concat(parameters('b'))]" }, { b: 3 }), '3')
  assert.throws(() => value({ parameters, value: "[parameters('b')]" }), fails('DELEGATION_PARAMETER_MISSING', /"b"/))
  assert.throws(
    () => value({ parameters, value: 'x' }, { b: 'three' }),
    fails('DELEGATION_TEMPLATE_MALFORMED', /no int/),
  )
  assert.throws(() => value({ parameters, value: 'x' }, { c: 1 }), fails('DELEGATION_TEMPLATE_MALFORMED', /"c"/))
  const few = { a: { type: 'string', allowedValues: ['x'] } }
  assert.throws(
    () => value({ parameters: few, value: 'x' }, { a: 'y' }),
    fails('DELEGATION_TEMPLATE_MALFORMED', /allowed/),
  )
})

test('what is not known, not there, circular or not text is refused by name', () => {
  const refused: [Parts, string, RegExp][] = [
    [{ value: "[uniqueString('x')]" }, 'DELEGATION_FUNCTION_UNKNOWN', /uniqueString\(\)/],
    [{ value: "[toString('x')]" }, 'DELEGATION_FUNCTION_UNKNOWN', /toString/],
    [{ value: "[variables('constructor')]" }, 'DELEGATION_TEMPLATE_MALFORMED', /constructor/],
    [{ variables: { a: { b: 1 } }, value: "[variables('a').__proto__]" }, 'DELEGATION_TEMPLATE_MALFORMED', /__proto__/],
    [
      { variables: { a: "[variables('b')]", b: "[variables('a')]" }, value: "[variables('a')]" },
      'DELEGATION_TEMPLATE_MALFORMED',
      /itself/,
    ],
    [{ variables: { a: {} }, value: "[concat(variables('a'))]" }, 'DELEGATION_TEMPLATE_MALFORMED', /text and numbers/],
    [{ value: '[concat()]' }, 'DELEGATION_TEMPLATE_MALFORMED', /at least one/],
    [{ value: "[resourceId('A.B/c', 'x', 'y')]" }, 'DELEGATION_TEMPLATE_MALFORMED', /one name for each/],
    [{ value: "[concat('x']" }, 'DELEGATION_EXPRESSION_MALFORMED', /"\)" belongs here/],
    [{ value: "[concat('x)]" }, 'DELEGATION_EXPRESSION_MALFORMED', /does not end/],
    [{ value: "[concat('x') 'y']" }, 'DELEGATION_EXPRESSION_MALFORMED', /more stands here/],
    [{ value: '[]' }, 'DELEGATION_EXPRESSION_MALFORMED', /character 1/],
  ]
  for (const [parts, code, says] of refused) assert.throws(() => value(parts), fails(code, says), JSON.stringify(parts))
})

test('nothing a template says takes long: depth, length and what concat makes are bounded', () => {
  const nested = `${'concat('.repeat(200)}'x'${')'.repeat(200)}`
  assert.throws(() => value({ value: `[${nested}]` }), fails('DELEGATION_EXPRESSION_MALFORMED', /nested deeper/))
  assert.throws(() => parseExpression('x'.repeat(30_000)), fails('DELEGATION_TEMPLATE_TOO_LARGE', /24576/))
  // Each doubles the one before: 2^25 characters.
  const doubling: { [name: string]: Json } = { v0: 'xx' }
  const lists: { [name: string]: Json } = { v0: 'xx' }
  for (let i = 1; i <= 24; i++) {
    doubling[`v${i}`] = `[concat(variables('v${i - 1}'), variables('v${i - 1}'))]`
    lists[`v${i}`] = [`[variables('v${i - 1}')]`, `[variables('v${i - 1}')]`]
  }
  for (const variables of [doubling, lists]) {
    assert.throws(
      () => value({ variables, value: "[variables('v24')]" }),
      fails('DELEGATION_TEMPLATE_TOO_LARGE', /more than/),
    )
  }
  assert.throws(() => parseDeep(`${'['.repeat(100_000)}`), fails('DELEGATION_TEMPLATE_TOO_LARGE', /deeper/))
  assert.throws(() => parseDeep('{"a": }'), fails('DELEGATION_TEMPLATE_MALFORMED', /its text/))
  assert.deepEqual(parseDeep('{"a": "[[[[\\"]"}'), { a: '[[[["]' })
})

test('any text as an expression ends in a value or in a failure that says what to do', () => {
  const signs = fc.constantFrom(
    '[',
    ']',
    '(',
    ')',
    "'",
    ',',
    '.',
    ' ',
    '1',
    '-',
    'concat',
    'guid',
    'variables',
    'a',
    '$',
  )
  const expression = fc.array(signs, { maxLength: 30 }).map(parts => `[${parts.join('')}]`)
  fc.assert(
    fc.property(fc.oneof(expression, fc.string()), text => {
      try {
        value({ variables: { a: 'x' }, value: text })
      } catch (error) {
        assert.ok(error instanceof Failure && error.status === 400, String(error))
      }
    }),
    { numRuns: 500 },
  )
})
