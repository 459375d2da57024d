import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from './asking.fixture.ts'
import { layerOf } from './layers.ts'

test('a layer is told between folders beside each other, not within one', () => {
  const told = { answer: 'routes imports store', key: 'routes~store' }
  assert.deepEqual(layerOf(['a', 'routes'], ['a', 'store']), told)
  assert.deepEqual(layerOf(['a', 'routes', 'users'], ['a', 'store', 'rows']), told)
  assert.equal(layerOf(['a', 'routes'], ['a', 'routes', 'users']), undefined)
  assert.equal(layerOf(['a', 'routes', 'users'], ['a', 'routes']), undefined)
  assert.equal(layerOf(['.'], ['lib']), undefined)
})

test('Python: relative and absolute imports of the same package; a module is no layer', async () => {
  const text = `from ..store import rows
from pack.store.rows import Row
from .. import store
from . import users
from os import path
`
  const paths = ['src/pack/__init__.py', 'src/pack/store/__init__.py', 'src/pack/routes/__init__.py']
  assert.deepEqual(await asked('imports/layers', 'src/pack/routes/main.py', text, paths), [
    '..store → routes imports store (routes~store)',
    'pack.store.rows → routes imports store (routes~store)',
  ])
})

test('Go: what is below the name of the module is a folder here', async () => {
  const text = `package routes

import (
	"net/http"

	"example.com/m/kit/store"
	"example.com/other/store"
)
`
  assert.deepEqual(await asked('imports/layers', 'kit/routes/a.go', text, ['kit/store/a.go', 'kit/routes/a.go']), [
    '"example.com/m/kit/store" → routes imports store (routes~store)',
  ])
})

test('Java: packages that begin alike', async () => {
  const text = `package a.b.routes;

import a.b.store.Row;
import static a.b.store.Row.make;
import a.c.store.Row;
import java.util.List;
class A {}
`
  assert.deepEqual(await asked('imports/layers', 'A.java', text), [
    'a.b.store.Row → routes imports store (routes~store)',
    'a.b.store.Row.make → routes imports store (routes~store)',
  ])
})

test('C#: namespaces that begin alike, by what is used whole', async () => {
  const text = `using System.Linq;
using Kit.Store;
using static Kit.Store.Row;
using Row = Kit.Store.Row;
namespace Kit.Routes { }
`
  assert.deepEqual(await asked('imports/layers', 'A.cs', text), ['Kit.Store → Routes imports Store (Routes~Store)'])
})
