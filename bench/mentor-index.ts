import { appendFileSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../src/kernel/index.ts'
import { openIndex } from '../src/mentor/index.ts'
import { goldenMaterial } from '../test/mentor/golden-material.ts'
import { run } from '../test/peers/support/process.ts'
import { median } from './support/measure.ts'
import { megabytes, millis, report, times, whole } from './support/report.ts'

type Took = { seconds: number; cpu: number; blocked: number; bytes: number; parsed: number; peak: number }

const ROUNDS = 5
/** As many as the index commits at once. */
const BATCH = 64
/** The one that changes. */
const MOVING = 'google/go-containerregistry'

/** The first index beside FTS5's bare insert of the same texts, and what a change costs after it. */
export async function mentorIndex(quick: boolean): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'towpath-bench-mentor-index-'))
  try {
    const material = quick ? await goldenMaterial('go') : await goldenMaterial()
    const moving = join(scratch, 'moving')
    const sources = join(scratch, 'golden.json')
    await run('git', ['clone', '--quiet', material.find(({ name }) => name === MOVING)?.dir ?? '', moving])
    const golden = material.map(({ name, dir }) => ({
      ...{ name, source: name === MOVING ? moving : dir },
      ...{ include: [], exclude: [], weight: 1, topics: [] },
    }))
    writeFileSync(sources, JSON.stringify(golden))
    const dir = join(scratch, 'index')
    const refresh = async (): Promise<Took> => {
      const printed = await run(process.execPath, [join(import.meta.dirname, 'support/index-golden.ts'), dir, sources])
      return JSON.parse(printed)
    }
    const first = await refresh()
    const texts = textsIn(dir)
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    const bare = insertBare(join(scratch, 'bare.sqlite'), texts)
    const again = async (files: number) => {
      const rounds: Took[] = []
      for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
        await change(moving, files, round)
        rounds.push(await refresh())
      }
      if (rounds.some(({ parsed }) => parsed !== files)) throw new Error(`${files} changed, others were parsed`)
      return { seconds: median(rounds.map(one => one.seconds)), cpu: median(rounds.map(one => one.cpu)) }
    }
    const rate = (took: { seconds: number; cpu: number }) => [
      `${took.seconds.toFixed(2)} s`,
      `${took.cpu.toFixed(2)} s`,
      whole(texts.length / took.cpu),
      megabytes(bytes / took.cpu),
    ]
    const [none, one, ten] = [await again(0), await again(1), await again(10)]
    const rest = (took: { seconds: number; cpu: number }) => [millis(took.seconds), millis(took.cpu), '', '', '']
    const head = ['', 'time', 'CPU time', 'files per CPU second', 'text per CPU second', 'CPU time, of bare FTS5']
    report(
      'mentor-index',
      quick,
      [
        head,
        ['first index', ...rate(first), times(first.cpu / bare.cpu)],
        ['FTS5, the same texts, bare', ...rate(bare), ''],
        ['again, nothing changed', ...rest(none)],
        ['again, 1 file changed', ...rest(one)],
        ['again, 10 files changed', ...rest(ten)],
      ],
      `${whole(texts.length)} files of ${material.length} golden repositories, ${megabytes(bytes)}; the index is ${megabytes(first.bytes)}. The process that indexed had at most ${megabytes(first.peak)} of memory; its other thread, which an editor waits for, was late by at most ${first.blocked.toFixed(0)} ms. Per file that changed, beyond a refresh where nothing did: ${millis((ten.cpu - none.cpu) / 10)} of CPU time among ten. CPU time is without git's.`,
    )
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function textsIn(dir: string): string[] {
  const index = openIndex({ dir, clock: systemClock('bench') })
  const texts = index.db.prepare('SELECT text FROM search_text').all() as { text: string }[]
  index.close()
  return texts.map(({ text }) => text)
}

function insertBare(path: string, texts: readonly string[]): { seconds: number; cpu: number } {
  const db = new DatabaseSync(path)
  const cpu = () => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage())
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE VIRTUAL TABLE text USING fts5 (body)')
  const insert = db.prepare('INSERT INTO text (body) VALUES (?)')
  const from = { at: performance.now(), cpu: cpu() }
  for (let at = 0; at < texts.length; at += BATCH) {
    db.exec('BEGIN IMMEDIATE')
    for (const text of texts.slice(at, at + BATCH)) insert.run(text)
    db.exec('COMMIT')
  }
  const took = { seconds: (performance.now() - from.at) / 1000, cpu: cpu() - from.cpu }
  db.close()
  return took
}

async function change(dir: string, files: number, round: number): Promise<void> {
  if (files === 0) return
  const changed = globSync('pkg/v1/**/*.go', { cwd: dir }).sort().slice(0, files)
  for (const path of changed) appendFileSync(join(dir, path), `\n// Round ${round} of ${files}.\n`)
  const who = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com']
  await run('git', ['-C', dir, ...who, 'commit', '--quiet', '--all', '--message', `Round ${round}`])
}
