import { Command } from 'commander'
import { sessionShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { show, timeText } from './output.ts'

export function whoamiCommand(): Command {
  return apiOptions(new Command('whoami'))
    .description('As whom this command line is signed in, and where there is something to see.')
    .action(async (options: ApiOptions) => {
      const found = await callApi(options, { path: '/api/v1/session', answer: sessionShape })
      const { principal, signedInBy, expiresAt, tenants } = found
      await show(options, found, {
        rows: [principal],
        empty: '',
        columns: [
          { title: 'NAME', text: row => row.name },
          { title: 'KIND', text: row => row.kind },
          { title: 'ID', text: row => row.id },
          { title: 'SIGNED IN BY', text: () => signedInBy },
          { title: 'UNTIL', text: () => timeText(expiresAt) },
          { title: 'TENANTS', text: () => tenants.map(one => one.name).join(', ') },
        ],
      })
    })
}
