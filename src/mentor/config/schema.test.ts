import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { mentorConfigSchema, shapes } from './schema.ts'

test('the JSON Schema that is shipped is the one of the code', () => {
  const shipped = JSON.parse(readFileSync(new URL('../../../docs/archangel.schema.json', import.meta.url), 'utf8'))
  const again = 'write it again: npx towpath mentor schema > docs/archangel.schema.json'
  assert.ok(isDeepStrictEqual(shipped, mentorConfigSchema()), again)
})

test('the schema describes every key, takes both kinds of entries, and no other keys', () => {
  const schema = JSON.stringify(mentorConfigSchema())
  for (const key of Object.keys(shapes)) assert.ok(schema.includes(`"${key}":{`), key)
  assert.match(schema, /"anyOf":\[\{"type":"string".*?"source"/)
  assert.match(schema, /"additionalProperties":false/)
  assert.match(schema, /"\$schema":\{"type":"string"\}/)
})
