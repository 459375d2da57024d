import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from '../asking.fixture.ts'

const java = (body: string) => `public class Reader {\n${body}\n}\n`

test('an empty catch that says so by its name or a comment is an answer', async () => {
  const text = java(`void go() {
try { a(); } catch (A ignored) { }
try { a(); } catch (A expected) { }
try { a(); } catch (A e) { /* gone already */ }
try { a(); } catch (A e) { }
try { a(); } catch (A e) { b(); }
}`)
  assert.deepEqual(await asked('errors/catch-handled', 'a.java', text), ['catch → swallowed', 'catch → handled'])
})

test('only what is surely overridden is asked for its mark', async () => {
  const text = java(`public String toString() { return ""; }
public boolean equals(Reader other) { return true; }
@Override public boolean equals(Object other) { return true; }
public int hashCode(int seed) { return seed; }`)
  assert.deepEqual(await asked('apis/override', 'Reader.java', text), ['toString → not marked', 'equals → @Override'])
})

test('loggers, locks and serial numbers are no constants', async () => {
  const text = java(`static final Logger logger = get();
static final long serialVersionUID = 1L;
static final int MAX_SIZE = 3;
static final int maxSize = 3;
final int size = 3;`)
  assert.deepEqual(await asked('naming/constant', 'a.java', text), ['MAX_SIZE → UPPER_CASE', 'maxSize → camelCase'])
})

test('a free line begins a new group of imports', async () => {
  const text = 'import b.B;\nimport a.A;\nimport a.B;\n\nimport a.a.A;\nclass C { }\n'
  assert.deepEqual(await asked('imports/sorted', 'C.java', text), ['import a.A; → unsorted', 'import a.B; → sorted'])
})

test('words of a modifier are counted without annotations between them', async () => {
  const text = java('@Nullable public static final int A = 1;\nfinal static int B = 1;\nprivate int c;')
  assert.deepEqual(await asked('layout/modifier-order', 'a.java', text), [
    '@Nullable public static final → as the language lists them',
    'final static → otherwise',
  ])
})

test('an interrupt is passed on by the thread’s mark or by a throw', async () => {
  const text = java(`void go() {
try { a(); } catch (InterruptedException e) { Thread.currentThread().interrupt(); }
try { a(); } catch (InterruptedException e) { throw new Lost(e); }
try { a(); } catch (InterruptedException e) { log(e); }
}`)
  assert.deepEqual(await asked('errors/interrupted', 'a.java', text), [
    'InterruptedException → passed on',
    'InterruptedException → passed on',
    'InterruptedException → lost',
  ])
})

test('what is hidden is no public method, whatever it says itself', async () => {
  const text = 'class Hidden {\npublic void a() { }\n}\n'
  assert.deepEqual(await asked('docs/public', 'Hidden.java', text), [])
})
