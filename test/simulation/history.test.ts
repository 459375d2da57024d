import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Order, Register } from './history.ts'

function setUp() {
  const order = new Order()
  const register = new Register(order)
  const done = (value: string | undefined, only?: string) => {
    const change = register.begin(value, only)
    change.acknowledged = order.next()
    change.over = order.next()
  }
  const now = () => {
    const begun = order.next()
    return [...register.allowed(begun, order.next())]
  }
  return { order, register, done, now }
}

describe('what a read may find', () => {
  it('is the newest acknowledged change, and nothing else', () => {
    const { done, now } = setUp()
    assert.deepEqual(now(), [undefined])
    done('a')
    assert.deepEqual(now(), ['a'])
    done('b')
    assert.deepEqual(now(), ['b'])
    done(undefined)
    assert.deepEqual(now(), [undefined])
  })

  it('is the old or the new while a change is not acknowledged', () => {
    const { register, order, done, now } = setUp()
    done('a')
    const change = register.begin('b')
    assert.deepEqual(now(), ['a', 'b'])
    change.over = order.next()
    assert.deepEqual(now(), ['a', 'b'])
    done('c')
    assert.deepEqual(now(), ['c'])
  })

  it('may be a lost change that comes late, after a newer one', () => {
    const { register, order, done, now } = setUp()
    const lost = register.begin('lost')
    done('a')
    assert.deepEqual(now(), ['lost', 'a'])
    lost.over = order.next()
    assert.deepEqual(now(), ['lost', 'a'])
    done('b')
    assert.deepEqual(now(), ['b'])
  })

  it('may be either of two changes that ran at once', () => {
    const { register, order, now } = setUp()
    const both = [register.begin('a'), register.begin('b')]
    for (const change of both) {
      change.acknowledged = order.next()
      change.over = order.next()
    }
    assert.deepEqual(now(), ['a', 'b'])
  })

  it('is not touched by a removal of something else', () => {
    const { done, now } = setUp()
    done('a')
    done(undefined, 'b')
    assert.ok(now().includes('a'))
    done(undefined, 'a')
    assert.deepEqual(now(), [undefined])
  })

  it('is again what it was, once all went back to a moment', () => {
    const { register, order, done, now } = setUp()
    done('a')
    const [begun, ended] = [order.next(), order.next()]
    done('b')
    const flying = register.begin('c')
    register.rewind(begun, ended)
    assert.deepEqual(now(), ['a', 'c'], 'what is still on its way may come')
    flying.over = order.next()
    done('d')
    assert.deepEqual(now(), ['d'])
  })

  it('is either, once all went back to a moment within a change', () => {
    const { register, order, done, now } = setUp()
    done('a')
    const begun = order.next()
    done('b')
    register.rewind(begun, order.next())
    assert.deepEqual(now(), ['a', 'b'])
  })
})
