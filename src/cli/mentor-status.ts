import { Command } from 'commander'
import type { RepositoryStatus, Status } from '../mentor/index.ts'
import { bytesText } from './byte-words.ts'
import { clock } from './clock.ts'
import { EXIT } from './exit-codes.ts'
import { withMentor } from './mentor-session.ts'
import { ago, say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

type Options = Output & { all?: boolean }
/** `commit` and the like are missing of one that was never indexed. */
type Row = RepositoryStatus | { repository: string; source: string }

export function statusCommand(): Command {
  return outputOptions(
    new Command('status').description('What is indexed of the golden repositories, and what is wrong.'),
  )
    .option('--all', 'of all your projects, not only of this folder')
    .action((options: Options) =>
      withMentor(async ({ loaded, library }) => {
        const { golden } = loaded.config
        const ofProject = golden.length > 0 && !options.all
        if (ofProject) library.use(golden)
        const status = library.status()
        const missing = ofProject
          ? golden.filter(({ name }) => status.repositories.every(one => one.repository !== name))
          : []
        const rows: Row[] = [
          ...status.repositories,
          ...missing.map(({ name, source }) => ({ repository: name, source })),
        ]
        await show(
          options,
          { ...status, repositories: rows },
          { rows, columns: COLUMNS, empty: 'Nothing is indexed: towpath mentor index' },
        )
        tell(status, missing.length)
      }),
    )
}

const COLUMNS = [
  { title: 'REPOSITORY', text: (row: Row) => row.repository },
  { title: 'COMMIT', text: (row: Row) => ('commit' in row ? (row.commit?.slice(0, 12) ?? '') : '') },
  {
    title: 'INDEXED',
    text: (row: Row) => ('indexedAt' in row && row.indexedAt ? `${ago(clock.now() - row.indexedAt)} ago` : 'not yet'),
  },
  { title: 'FILES', text: (row: Row) => ('files' in row ? String(row.files) : '') },
  { title: 'LEFT OUT', text: (row: Row) => ('skipped' in row ? skipped(row.skipped) : '') },
  { title: 'TROUBLE', text: (row: Row) => ('trouble' in row ? (row.trouble?.says ?? '') : '') },
]

function skipped(counts: RepositoryStatus['skipped']): string {
  return Object.entries(counts)
    .map(([why, count]) => `${count} ${why}`)
    .join(', ')
}

function tell({ path, bytes, indexing, trouble, repositories }: Status, missing: number): void {
  say(`${path}, ${bytesText(bytes)}${indexing ? `; process ${indexing.pid} on ${indexing.host} is indexing` : ''}`)
  for (const { repository, trouble: own } of repositories) if (own) say(`${repository}: ${own.says}\n  ${own.next}`)
  if (missing > 0) say(`${missing} not indexed yet: towpath mentor index`)
  if (!trouble) return
  say(`${trouble.says}\n  ${trouble.next}`)
  process.exitCode = EXIT.failed
}
