import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { debianPeer } from '../peers/support/tools.ts'
import { runJourney } from './support/journey.ts'
import { assertOutcome } from './support/outcome.ts'
import { transcriptOf } from './support/transcript.ts'
import { CODE, makeWorld } from './support/world.fixture.ts'

const SCRIPT = fileURLToPath(new URL('neovim/journey.lua', import.meta.url))

test('a hint, its steps, a mute, a chat and a review in Neovim', async t => {
  const world = await makeWorld(t)
  const transcript = transcriptOf(t)
  const { at } = transcript
  await runJourney(world, transcript, {
    command: debianPeer('nvim'),
    args: ['--headless', '-u', 'NONE', '-c', `luafile ${SCRIPT}`],
    plugin: 'neovim',
    code: CODE,
  })
  assert.deepEqual(at('clients'), ['towpath-mentor'])
  const asks = 'Could the error that was caught travel along as `cause`?'
  assert.deepEqual(at('hint'), { source: 'towpath-mentor', code: 'errors/cause-kept', message: asks })
  assert.match(String(at('why')), /40 of 40 places/)
  const golden = at('golden') as { text: string; modifiable: boolean; readonly: boolean }
  assert.match(golden.text, /throw new Error\(.*\{ cause: error \}\)/)
  assert.deepEqual([golden.modifiable, golden.readonly], [false, true])
  assert.equal((at('prompt') as { default: string }).default, 'I know it')
  assert.equal(at('muted'), true)
  assertOutcome(world, transcript)
  assert.deepEqual(at('told'), [])
})
