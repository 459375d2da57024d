import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { allowConfigs } from './allow.ts'
import { allowFile } from './allowed.ts'
import { problemLine } from './failures.ts'
import { loadMentorConfig } from './load.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'towpath-mentor-config-')))
after(() => rmSync(root, { recursive: true, force: true }))
let cases = 0

/** A folder of its own with these files; values are written as JSON. */
function files(all: Record<string, unknown>): string {
  const top = join(root, `case-${cases++}`)
  for (const [path, value] of Object.entries(all)) {
    mkdirSync(dirname(join(top, path)), { recursive: true })
    writeFileSync(join(top, path), typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  }
  return top
}

async function load(top: string, folder = '', open?: ReadonlyMap<string, string>) {
  const loaded = await loadMentorConfig({
    folder: join(top, folder),
    state: join(top, '.state'),
    ...(open ? { open } : {}),
  })
  return { ...loaded, lines: loaded.problems.map(problemLine).join('\n') }
}

test('nothing is there: everything at its default, and no problem', async () => {
  const { config, problems, files: read } = await load(files({ 'a/x': '' }), 'a')
  assert.deepEqual([config.golden, problems, read], [[], [], []])
  assert.deepEqual(config.norms, { agreement: 0.95, cases: 30, repositories: 2, off: [], each: {} })
  assert.deepEqual(config.hints, { pause: 600, limit: 3, mode: 'learning', fading: { kept: 5, days: 14 } })
})

test('the old file, as ArchAngel has it, in its other spelling', async () => {
  const top = files({
    'archAngel.json': { name: 'team', version: '1.0.0', repositories: ['a/b', 'https://github.com/c/d'] },
  })
  const { config, problems } = await load(top)
  assert.deepEqual(problems, [])
  assert.deepEqual([config.name, config.version], ['team', '1.0.0'])
  assert.deepEqual(
    config.golden.map(one => one.source),
    ['https://github.com/a/b', 'https://github.com/c/d'],
  )
})

test('upward: name and version of the child, repositories of all, each norm and hint of the nearest', async () => {
  const top = files({
    'archangel.json': {
      name: 'house',
      version: '1',
      host: 'https://git.example.org',
      repositories: ['team/a', { source: 'team/b', weight: 2 }, './golden'],
      norms: { agreement: 0.9, off: ['docs/*'], each: { 'naming/function': { cases: 10 } } },
      mute: [{ norm: 'errors/x', reason: 'house rule' }],
      privacy: { never: ['*.pem'] },
      hints: { pause: 900, fading: false },
    },
    'p/archangel.json': {
      name: 'project',
      repositories: [
        { source: 'https://git.example.org/team/b.git', ref: 'v2', topics: ['http'] },
        '../golden',
        './golden',
      ],
      norms: { cases: 50, off: ['logging/y'] },
      mute: [{ norm: 'errors/*', path: 'src/**', reason: 'generated' }],
      privacy: { never: ['secret/**'] },
      hints: { limit: 2 },
    },
    'p/q/z': '',
  })
  const { config, lines, files: read } = await load(top, 'p/q')
  assert.equal(lines, '')
  assert.deepEqual(read, [join(top, 'p/archangel.json'), join(top, 'archangel.json')])
  assert.deepEqual([config.name, config.version], ['project', '1'])
  const [a, b, shared, own] = config.golden
  assert.equal(a?.source, 'https://git.example.org/team/a')
  assert.deepEqual([b?.ref, b?.weight, b?.topics], ['v2', 1, ['http']])
  assert.deepEqual([shared?.source, shared?.name], [join(top, 'golden'), 'local/golden'])
  assert.match(own?.name ?? '', /^local\/golden-[0-9a-f]{6}$/)
  assert.deepEqual(config.norms, {
    agreement: 0.9,
    cases: 50,
    repositories: 2,
    off: ['docs/*', 'logging/y'],
    each: { 'naming/function': { cases: 10 } },
  })
  assert.deepEqual(
    config.mute.map(one => [one.norm, one.folder]),
    [
      ['errors/*', join(top, 'p')],
      ['errors/x', top],
    ],
  )
  assert.deepEqual(config.privacy.never, [
    { folder: top, glob: '*.pem' },
    { folder: join(top, 'p'), glob: 'secret/**' },
  ])
  assert.deepEqual(config.hints, { pause: 900, limit: 2, mode: 'learning', fading: undefined })
})

test('a wrong entry is named with its place, and what is right stays', async () => {
  const text = `{
  "repositories": ["a/b", "nowhere", { "source": "c/d", "weigth": 2 }, { "ref": "x" }],
  "mutes": [],
  "norms": { "agreement": 2 },
  "mute": [{ "norm": "errors/x" }, { "norm": "errors/y", "reason": "because" }]
}`
  const { config, problems, lines } = await load(files({ 'archangel.json': text }))
  assert.deepEqual(
    config.golden.map(one => one.name),
    ['a/b', 'c/d'],
  )
  assert.deepEqual(
    config.mute.map(one => one.norm),
    ['errors/y'],
  )
  assert.equal(config.norms.agreement, 0.95)
  assert.match(lines, /json:2:27 repositories\[1\] is no repository\. Write owner\/name/)
  assert.match(lines, /json:2:57 repositories\[2\]\.weigth is not a known key\. Did you mean weight\?/)
  assert.match(lines, /json:2:72 repositories\[3\]\.source is missing/)
  assert.match(lines, /json:3:3 mutes is not a known key\. Did you mean mute\?/)
  assert.match(lines, /json:4:27 norms\.agreement is 2\. Set it to a number from 0\.5 to 1/)
  assert.match(lines, /json:5:12 mute\[0\]\.reason is missing/)
  const known = problems.filter(({ says }) => says.includes('not a known key'))
  assert.ok(
    known.every(({ severity }) => severity === 'warning'),
    'a later version may know them',
  )
})

test('a file that is no JSON says where, and the ones above count', async () => {
  const top = files({ 'archangel.json': { repositories: ['a/b'] }, 'p/archangel.json': '{\n  "name": "x",\n}' })
  const { config, lines } = await load(top, 'p')
  assert.match(lines, /p\/archangel\.json:2:14 What stands here is a "," after the last/)
  assert.equal(config.golden.length, 1)
})

test('an unsaved text goes before the file', async () => {
  const top = files({ 'archangel.json': { name: 'saved' } })
  const { config } = await load(top, '', new Map([[join(top, 'archangel.json'), '{"name": "typed"}']]))
  assert.equal(config.name, 'typed')
})

const model = { kind: 'openai', url: 'https://gateway.example.org/v1', model: 'm', key: 'env:TEAM_KEY', ca: 'ca.pem' }

test('servers and programs wait until they are allowed, and again once they change', async () => {
  const handlers = [{ on: ['hintMuted'], command: ['node', 'tell.mjs'] }]
  const top = files({ 'archangel.json': { model, handlers }, 'p/archangel.json': { repositories: ['a/b'] } })
  const before = await load(top, 'p')
  assert.deepEqual([before.config.model, before.config.handlers], [undefined, []])
  assert.deepEqual(
    before.withheld.map(({ what }) => what),
    ['model', 'handlers'],
  )
  assert.match(before.lines, /archangel\.json:2:3 model is not in force.*towpath mentor allow/)
  await allowConfigs({ folder: join(top, 'p'), state: join(top, '.state') })
  const allowed = await load(top, 'p')
  assert.deepEqual(allowed.config.model, { ...model, headers: {}, ca: join(top, 'ca.pem') })
  assert.deepEqual(allowed.config.handlers, [{ ...handlers[0], folder: top }])
  assert.deepEqual([allowed.withheld, allowed.lines], [[], ''])
  writeFileSync(
    join(top, 'archangel.json'),
    JSON.stringify({ model: { ...model, url: 'https://elsewhere.example' }, handlers }),
  )
  assert.equal((await load(top, 'p')).config.model, undefined)
})

test('what was allowed can be taken back, and a damaged list allows nothing', async () => {
  const top = files({ 'archangel.json': { model } })
  const state = join(top, '.state')
  await allowConfigs({ folder: top, state })
  await allowFile(state, join(top, 'archangel.json'), undefined)
  assert.equal((await load(top)).config.model, undefined)
  await allowConfigs({ folder: top, state })
  writeFileSync(join(state, 'allowed.json'), '{"')
  assert.equal((await load(top)).config.model, undefined)
})

test('secrets belong elsewhere, and a problem does not repeat them', async () => {
  const { lines } = await load(
    files({
      'archangel.json': {
        repositories: ['https://me:hunter2@github.com/a/b'],
        model: {
          ...model,
          key: 'hunter2',
          proxy: 'http://me:hunter2@proxy.example:3128',
          headers: { 'X-Api-Key': 'hunter2' },
        },
      },
    }),
  )
  assert.match(lines, /model\.key is not taken\. Set it to where the key is, not the key/)
  assert.match(lines, /model\.headers\.X-Api-Key is not taken/)
  assert.match(lines, /repositories\[0\] has a password in it/)
  assert.doesNotMatch(lines, /hunter2/)
})

test('code does not leave in clear text, but to this machine', async () => {
  const url = async (text: string) =>
    (await load(files({ 'archangel.json': { model: { ...model, url: text } } }))).lines
  assert.match(await url('http://gateway.example.org/v1'), /model\.url is not taken/)
  assert.match(await url('file:///etc/passwd'), /model\.url is not taken/)
  assert.doesNotMatch(await url('http://127.0.0.1:11434/v1'), /model\.url/)
})

test('templates and prompts are read from beside the file and from nowhere else', async () => {
  const top = files({
    'private/key': 'hunter2',
    'p/archangel.json': {
      documents: {
        codeStyle: { template: 'docs/style.md', prompt: '../private/key' },
        wiki: { prompt: 'link', template: 'none' },
      },
    },
    'p/docs/style.md': '# {{name}}',
  })
  symlinkSync('../private/key', join(top, 'p/link'))
  const { config, lines } = await load(top, 'p')
  assert.deepEqual(config.documents, { codeStyle: { template: '# {{name}}' }, wiki: {} })
  assert.match(lines, /codeStyle\.prompt leads out/)
  assert.match(lines, /wiki\.prompt leads out/)
  assert.match(lines, /wiki\.template can not be read \(ENOENT\)/)
})

test('a hostile place for a file: a loop, a pipe, a folder, too much', { timeout: 20_000 }, async () => {
  const top = files({ 'a/b/c/x': '', 'a/archangel.json': `{"name": "${'x'.repeat(300_000)}"}` })
  symlinkSync('archangel.json', join(top, 'a/b/archangel.json'))
  symlinkSync('..', join(top, 'a/b/c/up'))
  execFileSync('mkfifo', [join(top, 'archangel.json')])
  mkdirSync(join(top, 'a/b/c/archangel.json'))
  const { lines, config } = await load(top, 'a/b/c/up/c/up/c')
  assert.match(lines, /b\/archangel\.json:1:1 .*ELOOP/)
  assert.match(lines, /a\/archangel\.json:1:1 .*has 3\d+ bytes/)
  assert.match(lines, /c\/archangel\.json:1:1 .*is no file/)
  assert.equal(lines.match(/is no file/g)?.length, 2, 'the pipe too')
  assert.equal(config.name, undefined)
})

test('a file above that others may write is not read; in the folder itself it is the user’s choice', async () => {
  const top = files({ 'archangel.json': { name: 'theirs' }, 'p/archangel.json': { version: '2' } })
  chmodSync(join(top, 'archangel.json'), 0o666)
  chmodSync(join(top, 'p/archangel.json'), 0o666)
  const { config, lines, problems } = await load(top, 'p')
  assert.deepEqual([config.name, config.version], [undefined, '2'])
  assert.match(lines, /written by everyone/)
  assert.ok(problems.every(({ severity }) => severity === 'warning'))
})

test('a file above that belongs to somebody else is not read', {
  skip: process.getuid?.() !== 0 && 'only root can give a file away',
}, async () => {
  const top = files({ 'archangel.json': { name: 'theirs' }, 'p/x': '' })
  chownSync(join(top, 'archangel.json'), 12_345, 12_345)
  assert.equal((await load(top, 'p')).config.name, undefined)
  assert.match((await load(top, 'p')).lines, /belongs to somebody else/)
  chownSync(join(top, 'p'), 12_345, 12_345)
  assert.equal((await load(top, 'p')).config.name, 'theirs', 'of the owner of the folder that is worked in')
})
