import { Command } from 'commander'
import { type ProcessState, type Status, statusShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { ago, say, show } from './output.ts'

type Row = Omit<ProcessState, 'role' | 'state'> & { state: string }

export function statusCommand(): Command {
  return apiOptions(new Command('status'))
    .description('Show what runs: processes, restarts, nodes and where they listen.')
    .addHelpText(
      'after',
      `
Examples:
  TOWPATH_PASSWORD=… towpath status
  towpath status --query "processes[?state!='ready'].[name, lastEnd]" -o tsv`,
    )
    .action(async (options: ApiOptions) => {
      const found = await callApi(options, { path: '/api/v1/status', answer: statusShape })
      const rows: readonly Row[] = found.processes ?? found.nodes.map(nodeAsProcess)
      await show(options, found, {
        rows,
        empty: 'No process is known.',
        columns: [
          { title: 'PROCESS', text: row => row.name },
          { title: 'STATE', text: row => row.state },
          { title: 'FOR', text: row => (row.since === 0 ? '' : ago(found.now - row.since)) },
          { title: 'PID', text: row => String(row.pid ?? '') },
          { title: 'RESTARTS', text: row => String(row.restarts) },
          { title: 'LAST END', text: row => row.lastEnd ?? '' },
        ],
      })
      if (options.output === 'table') {
        if (found.secretsLocked) say(`\n${found.secretsLocked}`)
        say(`\nTowpath ${found.version}   registry ${found.endpoints.registry}   API ${found.endpoints.control}`)
      }
    })
}

/** Without a supervisor only the nodes are known, by whether they answer. */
function nodeAsProcess({ region, node, answers }: Status['nodes'][number]): Row {
  return { name: `region ${region} ${node}`, state: answers ? 'ready' : 'not answering', restarts: 0, since: 0 }
}
