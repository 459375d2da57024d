import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Transcript } from './transcript.ts'
import type { World } from './world.fixture.ts'

/** What came of it in every editor: the reason as it was typed, the recorded model's answer with its source, a review. */
export function assertOutcome({ env }: World, { at }: Transcript): void {
  const learner = new DatabaseSync(join(env.TOWPATH_MENTOR_STATE ?? '', 'learner.sqlite'), { readOnly: true })
  const mutes = learner.prepare('SELECT norm, path, reason FROM mute').all()
  learner.close()
  assert.deepEqual(
    mutes.map(one => ({ ...one })),
    [{ norm: 'errors/cause-kept', path: '', reason: 'The caller knows' }],
  )

  const chat = String(at('chat'))
  assert.match(chat, /Keep the cause of an error \[1\]/)
  assert.match(chat, /Or ask a friend\. .*not from your golden repositories/)
  assert.match(chat, /\[1\] local\/(harbour|lock)@[0-9a-f]{12}:src\/\S+#L\d+-L\d+/)
  const citation = at('citation') as { text: string }
  assert.match(citation.text, /export function|^\/\*\* The/)
  assert.match(String(at('review')), /# Review of your changes/)
}
