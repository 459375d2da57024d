import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openGrammars } from '../src/mentor/index.ts'
import { type Editor, startEditor } from '../test/mentor/editor.ts'
import { goldenMaterial } from '../test/mentor/golden-material.ts'
import { CONFIG, goldenTeam, setUpWork, type Work } from '../test/mentor/work.ts'
import { PROGRAM } from '../test/support/platform.ts'
import { listPaths, sourceOf, sourcesAmong } from './support/golden-files.ts'
import { median } from './support/measure.ts'
import { megabytes, millis, report, times, whole } from './support/report.ts'

/** The shortest that archangel.json takes; what comes after it is what is measured. */
const PAUSE_MS = 100
const LINES = 1_000

/** New code, twice, since each key must change what is said: as nobody writes it, and as all do. */
const ODD = `if (id === '') throw 'A draft has an id'
  try {
    await drafts.write(id)
  } catch {}`
const USUAL = `if (id === '') throw new Error('A draft has an id')
  try {
    await drafts.write(id)
  } catch {
    await undo()
  }`
const NEW = `
export async function saveDraft(id: string): Promise<void> {
  ${ODD}
}
`

/** How soon a hint stands after a key, and what a hover takes, over the real protocol, beside the bare parse of the same file. */
export async function mentorLive(quick: boolean): Promise<void> {
  const undo: (() => unknown)[] = []
  const t = { after: (clean: () => unknown) => undo.push(clean) }
  try {
    const work = setUpWork(t, CONFIG)
    const { repositories, text } = quick ? smallTeam(work) : await goldenOnes()
    work.write('archangel.json', JSON.stringify({ name: 'bench', repositories, hints: { pause: PAUSE_MS } }))
    const file = work.write('src/draft.ts', text)
    work.git('add', '.')
    work.git('commit', '--quiet', '--message=Old')

    const capabilities = {
      textDocument: {
        publishDiagnostics: { relatedInformation: true },
        hover: { contentFormat: ['markdown' as const] },
      },
    }
    const editor = await startEditor(t, {
      program: [PROGRAM, 'mentor'],
      folder: work.folder,
      capabilities,
      env: work.env,
    })
    const empty = residentBytes(editor)
    const { repositories: indexed } = await editor.command<{ repositories: unknown[] }>('index')
    const afterIndex = residentBytes(editor)
    const uri = await editor.open(file, text)
    await editor.type(uri, text, text + NEW)
    await editor.diagnostics(uri, all => all.length > 0)

    const figures = await measure(editor, uri, quick ? 20 : 300)
    const { files } = await filesOf(editor)
    report(
      'mentor-live',
      quick,
      [
        ['what', 'p50', 'p95', 'p95, to the bare parse'],
        ...Object.entries(figures).map(([what, took]) => row(what, took, figures['bare tree-sitter parse'])),
      ],
      `A file of ${whole(text.split('\n').length)} lines, ${whole(files)} files of ${indexed.length} golden repositories. Memory of the server (resident): ${megabytes(empty)} at its start, ${megabytes(afterIndex)} after the first index, ${megabytes(residentBytes(editor))} at the end.`,
    )
  } finally {
    for (const clean of undo.reverse()) await clean()
  }
}

type Figures = Record<string, number[]>

async function measure(editor: Editor, uri: string, rounds: number): Promise<Figures> {
  const parse = await bareParser()
  const figures: Record<
    'bare tree-sitter parse' | 'key → hint, beyond the pause' | 'hover over a hint' | 'hover over a name',
    number[]
  > = {
    'bare tree-sitter parse': [],
    'key → hint, beyond the pause': [],
    'hover over a hint': [],
    'hover over a name': [],
  }
  let [now, next] = [ODD, USUAL]
  for (let round = -5; round < rounds; round++) {
    const told = editor.told.length
    const start = performance.now()
    await editor.type(uri, now, next)
    ;[now, next] = [next, now]
    await published(editor, told)
    const hint = performance.now() - start - PAUSE_MS
    const diagnostics = await editor.diagnostics(uri, () => true)
    const bare = await timed(async () => parse(editor.text(uri)))
    const name = await timed(() => hoverAt(editor, uri, positionOf(editor.text(uri), 'saveDraft')))
    const over = diagnostics[0] && (await timed(() => hoverAt(editor, uri, diagnostics[0]?.range.start)))
    if (round < 0) continue
    figures['key → hint, beyond the pause'].push(hint)
    figures['bare tree-sitter parse'].push(bare)
    figures['hover over a name'].push(name)
    if (over !== undefined) figures['hover over a hint'].push(over)
  }
  return figures
}

/** The next publication of diagnostics. */
async function published(editor: Editor, after: number): Promise<void> {
  await editor.heardAfter('textDocument/publishDiagnostics', after)
}

function hoverAt({ connection }: Editor, uri: string, position: unknown): Promise<unknown> {
  return connection.sendRequest('textDocument/hover', { textDocument: { uri }, position })
}

function positionOf(text: string, word: string): { line: number; character: number } {
  const before = text.slice(0, text.lastIndexOf(word)).split('\n')
  return { line: before.length - 1, character: (before.at(-1) ?? '').length }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** Tree-sitter alone, in this process: the text in, a tree out. */
async function bareParser(): Promise<(text: string) => void> {
  const grammars = await openGrammars()
  const parser = grammars.parser()
  parser.setLanguage(await grammars.load('typescript'))
  return text => parser.parse(text)?.delete()
}

function row(what: string, took: readonly number[], bare: readonly number[] = []): string[] {
  const ratio = what.startsWith('bare') ? '' : times(quantile(took, 0.95) / quantile(bare, 0.95))
  return [what, millis(median(took) / 1000), millis(quantile(took, 0.95) / 1000), ratio]
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

function residentBytes({ server }: Editor): number {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

async function filesOf(editor: Editor): Promise<{ files: number }> {
  const status = await editor.command<{ repositories: { files: number }[] }>('status')
  return { files: status.repositories.reduce((sum, { files }) => sum + files, 0) }
}

/** All that the material has, and the source of its TypeScript that is nearest to a thousand lines. */
async function goldenOnes(): Promise<{ repositories: string[]; text: string }> {
  const material = await goldenMaterial()
  const sources = material.flatMap(one => sourcesAmong(one, listPaths(one))).filter(({ path }) => path.endsWith('.ts'))
  const off = (text: string) => Math.abs(text.split('\n').length - LINES)
  const [nearest = ''] = sources.flatMap(source => sourceOf(source) ?? []).sort((a, b) => off(a) - off(b))
  return { repositories: material.map(({ dir }) => dir), text: nearest }
}

/** Two repositories of twenty functions, and a thousand lines of the same. */
function smallTeam({ folder, git }: Work): { repositories: string[]; text: string } {
  const texts: string[] = []
  const repositories = Object.entries(goldenTeam()).map(([name, [latest]]) => {
    const dir = join(dirname(folder), name)
    for (const [path, text] of Object.entries(latest?.files ?? {})) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
      texts.push(text)
    }
    git('-C', dir, 'init', '--quiet')
    git('-C', dir, 'add', '.')
    git('-C', dir, 'commit', '--quiet', '--message=Golden')
    return dir
  })
  const all = texts.join('\n')
  const lines = Array.from({ length: Math.ceil(LINES / all.split('\n').length) }, () => all)
    .join('\n')
    .split('\n')
  return { repositories, text: `${lines.slice(0, LINES).join('\n')}\n` }
}
