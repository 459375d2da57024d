import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from '../asking.fixture.ts'

const cs = (body: string) => `namespace A\n{\npublic class Reader\n{\n${body}\n}\n}\n`

test('an empty catch with a comment has said why', async () => {
  const text = cs(
    'void Go() { try { A(); } catch { } try { B(); } catch { /* may be gone */ } try { C(); } catch { D(); } }',
  )
  assert.deepEqual(await asked('errors/catch-handled', 'a.cs', text), ['catch → swallowed', 'catch → handled'])
})

test('only what is private and no constant is a private field', async () => {
  const text = cs(
    'private int _a; int b; public int C; private static int s_d; private const int E = 1; private int m_f;',
  )
  assert.deepEqual(await asked('naming/private-field', 'a.cs', text), [
    '_a → _camelCase',
    'b → camelCase',
    'm_f → m_camelCase',
  ])
})

test('an override is named by its base, a handler returns void', async () => {
  const text = cs(`public override Task Go() { return null; }
public Task RunAsync() { return null; }
async void OnClick(object sender, EventArgs e) { }
async void Fire() { }`)
  assert.deepEqual(await asked('naming/async', 'a.cs', text), ['RunAsync → …Async'])
  assert.deepEqual(await asked('async/void', 'a.cs', text), ['void → void'])
})

test('an exception is rethrown as it is, or anew', async () => {
  const text = cs(
    'void Go() { try { A(); } catch (IOException e) { if (b) throw; if (c) throw e; Later(() => { throw e; }); } }',
  )
  assert.deepEqual(await asked('errors/rethrow', 'a.cs', text), ['throw e; → throw e;', 'throw; → throw;'])
})

test('a literal that must be constant is no choice', async () => {
  const text = cs('[Name("")] void Go(string a = "") { var b = ""; var c = string.Empty; }')
  assert.deepEqual(await asked('apis/empty-string', 'a.cs', text), ['"" → ""', 'string.Empty → string.Empty'])
})

test('parts of a type have no file of its name', async () => {
  assert.deepEqual(await asked('layout/file-name', 'src/Reader.Parts.cs', 'public partial class Other { }\n'), [])
  assert.deepEqual(await asked('layout/file-name', 'src/Reader.cs', 'class Help { }\nclass Reader { }\n'), [
    'Reader → after a type',
  ])
})

test('in a pattern, null is asked for by is', async () => {
  const text = cs('bool Go(object a) { return a == null || a is null || a is not null || null != a; }')
  assert.deepEqual(await asked('apis/null-test', 'a.cs', text), [
    '== → == null',
    'null → is null',
    'null → is null',
    '!= → == null',
  ])
})
