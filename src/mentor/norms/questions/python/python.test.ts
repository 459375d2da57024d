import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from '../asking.fixture.ts'

test('names of one word, dunders, aliases of classes and hooks of unittest answer nothing', async () => {
  const text = `class Case:
    def setUp(self): pass
    def __init__(self, size, fileName): pass
    def run(self):
        Span = self.make
        line_count = 1
`
  assert.deepEqual(await asked('naming/function', 'a.py', text), [])
  assert.deepEqual(await asked('naming/variable', 'a.py', text), ['fileName → camelCase', 'line_count → snake_case'])
})

test('a metaclass takes a class, a static method nothing', async () => {
  const text = `class Meta(type):
    def make(cls): pass
class A:
    @staticmethod
    def go(a): pass
    def __new__(cls): pass
    def run(this): pass
`
  assert.deepEqual(await asked('naming/self', 'a.py', text), ['this → other'])
})

test('a cause is asked for where another exception is raised in a handler, not in a function made there', async () => {
  const text = `try:
    go()
except OSError as e:
    def later():
        raise Lost("later")
    if a:
        raise
    raise Lost("gone")
`
  assert.deepEqual(await asked('errors/raise-from', 'a.py', text), ['Lost("gone") → without a cause'])
})

test('what a package hands on in its front may come by wildcard', async () => {
  assert.deepEqual(await asked('imports/wildcard', 'pack/__init__.py', 'from .a import *\n'), [])
  assert.deepEqual(await asked('imports/wildcard', 'pack/b.py', 'from .a import *\n'), ['* → everything'])
})

test('what is printed to a given file is output', async () => {
  const text = 'print("a", file=out)\nprint("b")\nself.logger.info("c")\nconsole.print("d")\n'
  assert.deepEqual(await asked('logging/print', 'a.py', text), ['print → print', 'self.logger.info → a logger'])
})

test('bytes have no other way than %, and a modulo is none', async () => {
  const text = 'a = b"%d" % n\nb = "%s" % n\nc = n % 2\nd = "{}".format(n)\ne = f"{n}"\nf = f"none"\n'
  assert.deepEqual(await asked('apis/format', 'a.py', text), ['f"{n}" → f-string', '"%s" % n → %', 'format → format()'])
})

test('overloads, setters and what lies in something private need no docstring', async () => {
  const text = `@overload
def a(): ...
class _Hidden:
    def b(self): pass
class C:
    """C."""
    @x.setter
    def x(self, v): pass
    def d(self):
        def inner(): pass
`
  assert.deepEqual(await asked('docs/public', 'a.py', text), ['C → a docstring (class)', 'd → none (function)'])
})
