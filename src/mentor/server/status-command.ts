import { z } from 'zod'
import type { RepositoryStatus, Status } from '../index/types.ts'
import { type Commands, command } from './commands.ts'
import { show } from './hint-commands.ts'

/** For whoever only runs commands: what the request `towpathMentor/status` answers, said as well. */
export const statusCommands: Commands = {
  status: command(z.unknown(), async (_, { session }) => {
    const status = session.library.status()
    show(session, statusText(status))
    return status
  }),
}

export function statusText({ repositories, indexing, trouble }: Status): string {
  const lines = repositories.map(repositoryText)
  return [
    ...(lines.length === 0 ? ['Nothing is indexed: run "Index from config file".'] : lines),
    ...(indexing ? [`Process ${indexing.pid} on ${indexing.host} is indexing.`] : []),
    ...(trouble ? [`${trouble.says}. ${trouble.next}.`] : []),
  ].join('\n')
}

function repositoryText({ repository, commit, files, trouble }: RepositoryStatus): string {
  const indexed = commit === undefined ? 'not indexed yet' : `${files} files at ${commit.slice(0, 12)}`
  return trouble ? `${repository}: ${indexed}. ${trouble.says}. ${trouble.next}.` : `${repository}: ${indexed}.`
}
