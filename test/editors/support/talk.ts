import assert from 'node:assert/strict'
import type { Transcript } from './transcript.ts'

/** What every editor shows of the recorded model's answer, and of the review. */
export function assertTalk({ at }: Transcript): void {
  const chat = String(at('chat'))
  assert.match(chat, /Keep the cause of an error \[1\]/)
  assert.match(chat, /Or ask a friend\. .*not from your golden repositories/)
  assert.match(chat, /\[1\] local\/(harbour|lock)@[0-9a-f]{12}:src\/\S+#L\d+-L\d+/)
  const citation = at('citation') as { text: string }
  assert.match(citation.text, /export function|^\/\*\* The/)
  assert.match(String(at('review')), /# Review of your changes/)
}
