import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import * as shapes from './index.ts'

const named: [string, z.ZodType][] = Object.entries(shapes)

/** Every object in a JSON Schema, whichever way it is nested. */
function objectsOf(schema: unknown): { type: unknown; additionalProperties?: unknown }[] {
  if (typeof schema !== 'object' || schema === null) return []
  const inner = Object.values(schema).flatMap(objectsOf)
  return 'type' in schema && schema.type === 'object' && 'properties' in schema ? [schema, ...inner] : inner
}

test('an older command line is not stopped by a field that a later server adds, wherever it adds it', () => {
  const answers = named.filter(([name]) => /(Shape|List)$/.test(name))
  assert.ok(answers.length > 10, `only ${answers.length} answers were found`)
  // Seen from what comes in, only a strict object refuses what it does not name.
  const strict = answers.filter(([, shape]) =>
    objectsOf(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' })).some(
      one => one.additionalProperties === false,
    ),
  )
  assert.deepEqual(
    strict.map(([name]) => name),
    [],
  )
})

test('a body with a field that nobody knows is refused, not half understood', () => {
  const bodies = named.filter(([name]) => /(Body|Change)$/.test(name))
  assert.ok(bodies.length > 5, `only ${bodies.length} bodies were found`)
  const loose = bodies.filter(([, shape]) =>
    objectsOf(z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' })).some(
      one => one.additionalProperties !== false,
    ),
  )
  assert.deepEqual(
    loose.map(([name]) => name),
    [],
  )
})
