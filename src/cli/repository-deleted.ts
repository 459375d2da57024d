import { Command } from 'commander'
import { type DeletedRepository, deletedRepositoryList } from '../api/index.ts'
import { allDeleted, type DeletedOptions, deletedOptions, deletedPath, restoreDeleted } from './deleted-calls.ts'
import { show, timeText } from './output.ts'
import { namedBy } from './repository-calls.ts'

const columns = [
  { title: 'REPOSITORY', text: (row: DeletedRepository) => row.repository },
  { title: 'DELETED', text: (row: DeletedRepository) => timeText(row.deletedAt) },
  { title: 'WHOLE', text: (row: DeletedRepository) => (row.whole ? 'yes' : 'no') },
  { title: 'HERE', text: (row: DeletedRepository) => (row.live ? 'yes' : 'no') },
]

export function listDeletedRepositoriesCommand(): Command {
  return deletedOptions(
    new Command('list-deleted').description('Repositories of which something deleted can be restored.'),
  ).action(async (options: DeletedOptions) => {
    const rows = await allDeleted(options, last => deletedPath(options, '', { last }), {
      answer: deletedRepositoryList,
      rowsOf: page => page.repositories,
    })
    await show(options, rows, { rows, columns, empty: 'The trash is empty.' })
  })
}

export function restoreRepositoryCommand(): Command {
  return deletedOptions(
    new Command('restore').description('Bring back all that went when the repository was deleted whole.'),
  )
    .requiredOption('--repository <name>', 'which')
    .option('-f, --force', 'also tags that lead elsewhere now')
    .action((options: DeletedOptions & { repository: string; force?: true }) => {
      const { repository } = namedBy({ repository: options.repository })
      return restoreDeleted(options, repository, { force: options.force ?? false })
    })
}
