import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '../kernel/index.ts'
import { type ModelSettings, openModel } from './index.ts'
import { modelServer } from './testing/model-server.fixture.ts'
import { recordModel, replayModel } from './testing/recording.fixture.ts'

const limit = { timeout: 20_000 }
const dir = mkdtempSync(join(tmpdir(), 'towpath-recording-'))
after(() => rmSync(dir, { recursive: true, force: true }))
const SECRET = 'sk-recorded-never'

function ask(url: string, kind: ModelSettings['kind'], text: string) {
  const settings: ModelSettings = { kind, url, model: 'm', key: 'env:KEY' }
  const model = openModel(settings, { clock: systemClock('test'), env: { KEY: SECRET } })
  const events = model.stream({ system: `s ${SECRET}`, messages: [{ role: 'user', text }] })
  return Array.fromAsync(events).finally(() => model.close())
}

test('what a server answered is answered again from the file, which holds no secret', limit, async t => {
  for (const kind of ['openai', 'anthropic', 'azure'] as const) {
    const file = join(dir, `${kind}.jsonl`)
    const server = await modelServer(({ messages }) => ({ pieces: ['You ', `asked ${messages[0]?.text}`, SECRET] }))
    const recorder = await recordModel(server.url, file)
    t.after(() => Promise.all([server.close(), recorder.close()]))
    const first = await ask(recorder.url, kind, 'one')
    await ask(recorder.url, kind, 'two')
    assert.equal(server.seen.length, 2)
    assert.equal(server.seen[0]?.system, `s ${SECRET}`)
    assert.ok(!readFileSync(file, 'utf8').includes(SECRET))

    const replay = await replayModel(file)
    t.after(() => replay.close())
    const again = await ask(replay.url, kind, 'something else')
    assert.deepEqual(again.slice(0, 2), first.slice(0, 2))
    assert.deepEqual(again.at(-1), first.at(-1))
    assert.deepEqual((await ask(replay.url, kind, 'two'))[1], { text: 'asked two' })
    await assert.rejects(ask(replay.url, kind, 'three'), /599: .* was asked, and nothing more was recorded/)
  }
})
