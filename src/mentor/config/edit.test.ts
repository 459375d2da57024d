import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstConfig, insertEntry } from './edit.ts'

const mute = { norm: 'errors/x', reason: 'generated code' }

function inserted(text: string, list: 'mute' | 'repositories', entry: unknown): string {
  const edit = insertEntry(text, list, entry)
  assert.ok(edit, 'no edit')
  const after = text.slice(0, edit.at) + edit.text + text.slice(edit.at)
  JSON.parse(after)
  return after
}

test('into a list that is there, as the file is indented', () => {
  const text = '{\n    "mute": [\n        { "norm": "a/b", "reason": "why" }\n    ],\n    "name": "x"\n}\n'
  assert.equal(
    inserted(text, 'mute', mute),
    '{\n    "mute": [\n        { "norm": "a/b", "reason": "why" },\n        {\n            "norm": "errors/x",\n            "reason": "generated code"\n        }\n    ],\n    "name": "x"\n}\n',
  )
})

test('into an empty list, a file without the list, an empty object, one line, and lines of Windows', () => {
  assert.equal(
    inserted('{\n\t"repositories": []\n}', 'repositories', 'a/b'),
    '{\n\t"repositories": [\n\t\t"a/b"\n\t]\n}',
  )
  assert.equal(inserted(firstConfig('x', ['a/b']), 'repositories', 'c/d'), firstConfig('x', ['a/b', 'c/d']))
  assert.deepEqual(JSON.parse(inserted('{"name": "x"}', 'mute', mute)), { name: 'x', mute: [mute] })
  assert.deepEqual(JSON.parse(inserted('{}', 'mute', mute)), { mute: [mute] })
  assert.doesNotMatch(inserted('{\r\n  "name": "x"\r\n}\r\n', 'mute', mute), /[^\r]\n/)
})

test('no edit where it could only do harm', () => {
  for (const text of ['', '[]', '{"mute": {}}', '{"mute": [}', '{ // why\n}'])
    assert.equal(insertEntry(text, 'mute', mute), undefined)
})
