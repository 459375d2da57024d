import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsed } from '../parsing.fixture.ts'

async function units(path: string, text: string): Promise<string[]> {
  const file = await parsed(path, text)
  assert.equal(file.broken, false)
  return file.units.map(
    ({ kind, container, name, exported, startLine, nameLine, endLine, doc }) =>
      `${kind} ${container && `${container}.`}${name}${exported ? '*' : ''} ${startLine}/${nameLine}-${endLine} ${doc}`,
  )
}

test('TypeScript: declarations, arrow functions, members, exports in a list', async () => {
  const text = `// A licence.

/** Adds.
 * Twice. */
export function add(a: number) {
  const inner = () => 1
  function hidden() {}
}
const one = async () => {}, two = 2
/** The thing. */
@decorated()
export class Thing {
  /** Runs. */
  @logged
  static async run() {}
  #secret() {}
  private field = () => 1
}
interface Shape { a: string }
export { one, type Shape }
export default abstract class Last {}
const plain = { method() {}, arrow: () => 1 }
namespace N {
  export function deep() {}
}
`
  assert.deepEqual(await units('a.ts', text), [
    'function add* 3/5-8 Adds.\nTwice.',
    'function one* 9/9-9 ',
    'class Thing* 10/12-18 The thing.',
    'method Thing.run* 13/15-15 Runs.',
    'method Thing.#secret 16/16-16 ',
    'method Thing.field 17/17-17 ',
    'type Shape* 19/19-19 ',
    'class Last* 21/21-21 ',
    'function deep* 24/24-24 ',
  ])
})

test('JavaScript: CommonJS exports and prototypes', async () => {
  const text = `'use strict'
function Reply(a) {}
Reply.prototype.send = function (b) {
  return b
}
exports.helper = () => 1
module.exports = { Reply, other: later }
function later() {}
function own() {}
`
  assert.deepEqual(await units('lib/reply.js', text), [
    'function Reply* 2/2-2 ',
    'method Reply.send* 3/3-5 ',
    'function helper* 6/6-6 ',
    'function later* 8/8-8 ',
    'function own 9/9-9 ',
  ])
})

test('Python: docstrings, decorators, privacy by underscore', async () => {
  const text = `@cache
def load(path):
    """Loads it.

    With care.
    """
    def inner(): pass
    return 1

class _Box(Base):
    'A box.'
    @property
    def size(self):
        return 1
    def __len__(self): return 0
`
  assert.deepEqual(await units('a.py', text), [
    'function load* 1/2-8 Loads it.\n\nWith care.',
    'class _Box 10/10-15 A box.',
    'method _Box.size 12/13-14 ',
    'method _Box.__len__ 15/15-15 ',
  ])
})

test('Go: comments above, receivers, single and grouped types', async () => {
  const text = `package a

// Open opens
// the door.
func Open(a int) error { return nil }

// apart

//go:noinline
func (d *Door[T]) close() {}

// Door is a door.
type Door[T any] struct {
	x int // the width
}

type (
	// A is one.
	A int
	b = string
)
`
  assert.deepEqual(await units('a.go', text), [
    'function Open* 3/5-5 Open opens\nthe door.',
    'method Door.close 10/10-10 ',
    'type Door* 12/13-15 Door is a door.',
    'type A* 18/19-19 A is one.',
    'type b 20/20-20 ',
  ])
})

test('C#: XML comments, attributes, nested types', async () => {
  const text = `namespace A;

/// <summary>Keeps <see cref="Money"/>.</summary>
/// <remarks>Safe.</remarks>
[Serializable]
public sealed class Bank<T> : Base
{
    private readonly int x; // not a doc
    public Bank() { }
    /// <summary>Pays.</summary>
    [Fast] public async Task<int> PayAsync(int a) { void Local() { } return 1; }
    internal enum Kind { One }
}
public interface IBank { void Close(); }
`
  assert.deepEqual(await units('A.cs', text), [
    'class Bank* 3/6-13 Keeps Money.\nSafe.',
    'method Bank.Bank* 9/9-9 ',
    'method Bank.PayAsync* 10/11-11 Pays.',
    'type Bank.Kind 12/12-12 ',
    'type IBank* 14/14-14 ',
    'method IBank.Close* 14/14-14 ',
  ])
})

test('Java: Javadoc, annotations, records', async () => {
  const text = `package a.b;

/**
 * A bank.
 */
@Service
public final class Bank extends Base {
  /** Pays. */
  @Override
  public int pay(int a) { Runnable r = new Runnable() { public void run() {} }; return 1; }
  Bank() {}
}
record Pair(int a, int b) { Pair {} }
`
  assert.deepEqual(await units('Bank.java', text), [
    'class Bank* 3/7-12 A bank.',
    'method Bank.pay* 8/10-10 Pays.',
    'method Bank.Bank 11/11-11 ',
    'class Pair 13/13-13 ',
    'method Pair.Pair 13/13-13 ',
  ])
})
