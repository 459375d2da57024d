import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked } from '../asking.fixture.ts'

const go = (body: string) => `package a\n\n${body}\n`

test('an error string that begins with a name or initials keeps its capital', async () => {
  const text = go(
    'var a = []error{errors.New("TLS failed"), errors.New("NewReader: no"), errors.New("No file"), errors.New("no file")}',
  )
  assert.deepEqual(await asked('errors/message-case', 'a.go', text), ['"No file" → capital', '"no file" → lower case'])
})

test('the verb of the error counts, not the others', async () => {
  const text = go(`func a(err error) {
	fmt.Errorf("open %s: %w", name, err)
	fmt.Errorf("open %q: %v", name, err)
	fmt.Errorf("%[2]v of %[1]s", name, err)
	fmt.Errorf("%d%% of %s", n, err)
	fmt.Errorf("no error %v", name)
}`)
  assert.deepEqual(await asked('errors/wrap-verb', 'a.go', text), [
    '"open %s: %w" → %w',
    '"open %q: %v" → %v',
    '"%d%% of %s" → %v',
  ])
})

test('main, init and Must… may panic', async () => {
  const text = go(`func MustOpen() {
	panic("no")
}

func init() {
	panic("no")
}

func Open() {
	panic("no")
}`)
  assert.deepEqual(await asked('errors/panic', 'a.go', text), ['panic → panics'])
  assert.deepEqual(await asked('errors/panic', 'a.go', text.replace('package a', 'package main')), [])
})

test('what a condition declares lives only in its branches', async () => {
  const text = go(`func a() int {
	if v, err := b(); err != nil {
		return 0
	} else {
		use(v)
	}
	if c {
		return 1
	} else {
		d()
	}
	return 2
}`)
  assert.deepEqual(await asked('layout/else-after-exit', 'a.go', text), ['else → else'])
})

test('comments of build tags and directives are no documentation of a package', async () => {
  assert.deepEqual(await asked('docs/package', 'a.go', '// +build linux\npackage a\n'), [])
  assert.deepEqual(await asked('docs/package', 'a.go', '// Package a reads.\npackage a\n'), [
    '// Package a reads. → Package …',
  ])
})

test('methods of a hidden type are not exported', async () => {
  const text = go('func (r reader) Read() {\n}\n\n// Open opens.\nfunc Open() {\n}\n\nfunc Close() {\n}')
  assert.deepEqual(await asked('docs/exported', 'a.go', text), ['Open → documented', 'Close → none'])
})

test('initials inside longer words are none', async () => {
  const text = go('func a(userID, userId, grid, apiURL, Idle, valid, httpIdle int) {\n}')
  assert.deepEqual(await asked('naming/initials', 'a.go', text), [
    'userID → in capitals',
    'userId → capitalized',
    'apiURL → in capitals',
  ])
})
