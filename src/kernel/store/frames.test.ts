import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FrameReader, frame, MAX_FRAME } from './frames.ts'

test('however the bytes arrive, the values are those that were sent', () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.uint8Array({ maxLength: 300 }), fc.constant(null))
  const messages = fc.array(fc.tuple(fc.nat(), value), { maxLength: 20 })
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sent, sizes) => {
      const bytes = Buffer.concat(sent.map(message => frame(message)))
      const reader = new FrameReader()
      const received: unknown[] = []
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const size = sizes[i % sizes.length] ?? 1
        received.push(...reader.push(bytes.subarray(from, from + size)))
        from += size
      }
      assert.deepEqual(received, sent)
    }),
  )
})

test('a length over the bound is refused before anything is kept for it', () => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(MAX_FRAME + 1)
  assert.throws(() => new FrameReader().push(head), { code: 'STORE_FRAME_TOO_LARGE' })
})
