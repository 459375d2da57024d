import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { debianPeer } from '../peers/support/tools.ts'
import { runJourney } from './support/journey.ts'
import { assertOutcome } from './support/outcome.ts'
import { transcriptOf } from './support/transcript.ts'
import { CODE, makeWorld } from './support/world.fixture.ts'

const SCRIPT = fileURLToPath(new URL('emacs/journey.el', import.meta.url))

test('a hint, its steps, a mute, a chat and a review in Emacs, by Eglot', async t => {
  const world = await makeWorld(t)
  const transcript = transcriptOf(t)
  const { at } = transcript
  await runJourney(world, transcript, {
    command: debianPeer('emacs'),
    args: ['--batch', '-l', SCRIPT],
    plugin: 'emacs',
    code: CODE.replace(': string', ''),
  })
  assert.equal(at('connected'), 'towpath-mentor-eglot-server')
  assert.deepEqual(at('hint'), [
    'towpath-mentor [errors/cause-kept]: Could the error that was caught travel along as `cause`?',
  ])
  assert.match(String(at('why')), /40 of 40 places/)
  const golden = at('golden') as { text: string; readonly: boolean }
  assert.match(golden.text, /throw new Error\(.*\{ cause: error \}\)/)
  assert.equal(golden.readonly, true)
  assert.equal((at('prompt') as { initial: string }).initial, 'I know it')
  assert.equal(at('muted'), true)
  assertOutcome(world, transcript)
})
