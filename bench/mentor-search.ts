import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { search, searchTables, unitTexts } from '../src/mentor/index.ts'
import type { Given } from './run.ts'
import { median } from './support/measure.ts'
import { millis, report, times, whole } from './support/report.ts'
import { cosqa, docPairs, type Question, type SearchSet } from './support/search-material.ts'

/** Twelve repositories of six languages, of which a `LIKE` can still read every line for every question. */
const REPOSITORIES = [
  'colinhacks/zod',
  'mswjs/msw',
  'reduxjs/redux-toolkit',
  'fastify/fastify',
  'pinojs/pino',
  'python-trio/trio',
  'networkx/networkx',
  'google/go-containerregistry',
  'prometheus/client_golang',
  'spf13/cobra',
  'apache/commons-io',
  'jamesnk/newtonsoft-json',
]
const LIMIT = 10

/** Whether search finds what a question is about: beside FTS5 as it is, and beside counting by `LIKE`. */
export async function mentorSearch(quick: boolean, given: Given): Promise<void> {
  const pairs = quick ? await docPairs(['spf13/cobra'], ['go'], 50) : await docPairs(REPOSITORIES, [], 400)
  await compare('mentor-search', quick, pairs)
  if (given.cosqa !== undefined) await compare('mentor-search --cosqa', quick, await cosqa(given.cosqa))
}

type Answer = { repository: string; path: string; startLine: number; endLine: number }
type Ranking = { name: string; ask(question: string): Answer[] }
type Figure = { rank: number[]; took: number[] }

async function compare(name: string, quick: boolean, set: SearchSet): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'towpath-bench-search-'))
  const db = new DatabaseSync(join(dir, 'index.sqlite'))
  try {
    const units = fill(db, set)
    const plain = plainFts(db)
    const rankings: Ranking[] = [mentor(db, set), plain, likeCounting(db)]
    const figures = new Map<Ranking, Figure>(rankings.map(ranking => [ranking, { rank: [], took: [] }]))
    for (const question of set.questions) {
      for (const ranking of rankings) {
        const from = performance.now()
        const found = ranking.ask(question.text)
        const figure = figures.get(ranking)
        figure?.took.push(performance.now() - from)
        figure?.rank.push(rankOf(question, found))
      }
    }
    const bare = figures.get(plain)
    const rows = [...figures].map(([ranking, figure]) => row(ranking.name, figure, bare ?? figure))
    report(
      name,
      quick,
      [['ranking', 'MRR@10', 'R@5', 'MRR, to plain FTS5', 'p50', 'p95', 'time, to plain FTS5'], ...rows],
      `${whole(set.questions.length)} questions (${set.name}) over ${whole(units)} units of ${whole(set.files.length)} files. The time is the median of what each question took, in turn.`,
    )
  } finally {
    db.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function row(name: string, { rank, took }: Figure, bare: Figure): string[] {
  const sorted = took.toSorted((a, b) => a - b)
  const quantile = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN) / 1000
  const ratio = median(took.map((ms, at) => ms / (bare.took[at] ?? Number.NaN)))
  const against = bare.rank === rank ? ['', ''] : [times(mrr(rank) / mrr(bare.rank)), times(ratio)]
  const recall = rank.filter(at => at > 0 && at <= 5).length / rank.length
  return [
    name,
    mrr(rank).toFixed(3),
    recall.toFixed(3),
    against[0] ?? '',
    millis(quantile(0.5)),
    millis(quantile(0.95)),
    against[1] ?? '',
  ]
}

function mrr(ranks: readonly number[]): number {
  return ranks.reduce((sum, at) => sum + (at === 0 ? 0 : 1 / at), 0) / ranks.length
}

/** From 1; 0 where none of the first ten is an answer. */
function rankOf({ answers }: Question, found: readonly Answer[]): number {
  return (
    1 +
    found
      .slice(0, LIMIT)
      .findIndex(({ repository, path, startLine, endLine }) =>
        answers.some(
          answer =>
            answer.repository === repository &&
            answer.path === path &&
            (answer.nameLine === undefined || (answer.nameLine >= startLine && answer.nameLine <= endLine)),
        ),
      )
  )
}

/** The mentor's own tables, and beside them a table of one column with the same text of the same units. */
function fill(db: DatabaseSync, { files }: SearchSet): number {
  db.exec('CREATE TABLE golden_file (repository TEXT, "commit" TEXT, path TEXT, artifact INTEGER) STRICT')
  db.exec('CREATE INDEX golden_file_artifact ON golden_file (artifact)')
  db.exec(
    'CREATE TABLE plain_unit (id INTEGER PRIMARY KEY, repository TEXT, path TEXT, start_line INTEGER, end_line INTEGER, body TEXT) STRICT',
  )
  db.exec("CREATE VIRTUAL TABLE plain_words USING fts5 (body, content='', tokenize='unicode61')")
  db.exec(searchTables.schema)
  const rows = searchTables.open(db)
  const place = db.prepare("INSERT INTO golden_file VALUES (?, '', ?, ?)")
  const addUnit = db.prepare(
    'INSERT INTO plain_unit (repository, path, start_line, end_line, body) VALUES (?, ?, ?, ?, ?)',
  )
  const addWords = db.prepare('INSERT INTO plain_words (rowid, body) VALUES (?, ?)')
  let many = 0
  db.exec('BEGIN')
  for (const [at, { repository, path, file }] of files.entries()) {
    rows.add(at + 1, file)
    place.run(repository, path, at + 1)
    for (const { unit, own } of unitTexts(file)) {
      addWords.run(addUnit.run(repository, path, unit.startLine, unit.endLine, own).lastInsertRowid, own)
      many++
    }
  }
  db.exec('COMMIT')
  return many
}

function mentor(db: DatabaseSync, { files }: SearchSet): Ranking {
  const golden = [...new Set(files.map(({ repository }) => repository))].map(name => ({ name, weight: 1, topics: [] }))
  return { name: 'mentor', ask: question => search({ db }, question, { golden, limit: LIMIT }) }
}

const PLACE = 'u.repository, u.path, u.start_line AS startLine, u.end_line AS endLine'

/** FTS5 with nothing done: any of the words as they are, its own ranking. */
function plainFts(db: DatabaseSync): Ranking {
  const ask = db.prepare(
    `SELECT ${PLACE} FROM plain_words w JOIN plain_unit u ON u.id = w.rowid WHERE plain_words MATCH ? ORDER BY rank LIMIT ${LIMIT}`,
  )
  return {
    name: 'plain FTS5',
    ask(question) {
      const words = wordsOf(question)
      return words.length === 0 ? [] : (ask.all(words.map(word => `"${word}"`).join(' OR ')) as Answer[])
    },
  }
}

/** Rows that hold a word, ordered by how often they hold any; spared short words, which stand in every row. */
function likeCounting(db: DatabaseSync): Ranking {
  return {
    name: '`LIKE` counting',
    ask(question) {
      const words = wordsOf(question).filter(word => word.length > 3)
      if (words.length === 0) return []
      const rows = db
        .prepare(`SELECT ${PLACE}, u.body FROM plain_unit u WHERE ${words.map(() => 'u.body LIKE ?').join(' OR ')}`)
        .all(...words.map(word => `%${word}%`)) as (Answer & { body: string })[]
      const counts = rows.map(answer => {
        const body = answer.body.toLowerCase()
        return { answer, many: words.reduce((sum, word) => sum + body.split(word).length - 1, 0) }
      })
      return counts
        .sort((a, b) => b.many - a.many)
        .slice(0, LIMIT)
        .map(({ answer }) => answer)
    },
  }
}

function wordsOf(question: string): string[] {
  return [...new Set(question.toLowerCase().match(/[\p{L}\p{N}]+/gu))]
}
