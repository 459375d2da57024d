import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsed } from './parsing.fixture.ts'

async function imports(path: string, text: string): Promise<string[]> {
  const file = await parsed(path, text)
  return file.imports.map(({ specifier, names, line }) => `${line} ${specifier}: ${names.join(' ')}`)
}

test('TypeScript and JavaScript', async () => {
  const text = `import './side.ts'
import one, * as all from 'a'
import { type T, b as c } from "./b.ts"
import type { U } from '../u.ts'
export { d as e } from './d.ts'
export * from './all.ts'
const { f, g: h } = require('f')
const lazy = await import('./lazy.ts')
load(require(name), require('x', 1))
`
  assert.deepEqual(await imports('a.ts', text), [
    '1 ./side.ts: ',
    '2 a: one all',
    '3 ./b.ts: T b',
    '4 ../u.ts: U',
    '5 ./d.ts: d',
    '6 ./all.ts: ',
    '7 f: f g',
    '8 ./lazy.ts: lazy',
  ])
})

test('Python', async () => {
  const text = `from __future__ import annotations
import os.path as p, sys
from .a import (b as c, d)
from .. import *
`
  assert.deepEqual(await imports('a.py', text), [
    '1 __future__: annotations',
    '2 os.path: ',
    '2 sys: ',
    '3 .a: b d',
    '4 ..: *',
  ])
})

test('Go, C# and Java', async () => {
  assert.deepEqual(await imports('a.go', 'package a\nimport (\n\tf "fmt"\n\t. "os"\n)\nimport `x/y`\n'), [
    '3 fmt: f',
    '4 os: .',
    '6 x/y: ',
  ])
  assert.deepEqual(await imports('A.cs', 'using System.Text;\nusing static A.B;\nusing X = Y.Z<int>;\n'), [
    '1 System.Text: ',
    '2 A.B: ',
    '3 Y.Z<int>: X',
  ])
  assert.deepEqual(await imports('A.java', 'import a.b.C;\nimport static a.C.d;\nimport a.c.*;\nclass A {}\n'), [
    '1 a.b.C: C',
    '2 a.C.d: d',
    '3 a.c: *',
  ])
})
