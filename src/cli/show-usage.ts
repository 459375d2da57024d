import { Command } from 'commander'
import { operationClass, usageShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { bytesText } from './byte-words.ts'
import { show } from './output.ts'

type Row = { name: string; limit: string; current: string; unit: string; refused: string }

const columns = [
  { title: 'NAME', text: (row: Row) => row.name },
  { title: 'LIMIT', text: (row: Row) => row.limit },
  { title: 'CURRENT VALUE', text: (row: Row) => row.current },
  { title: 'UNIT', text: (row: Row) => row.unit },
  { title: 'REFUSED', text: (row: Row) => row.refused },
]

export function showUsageCommand(): Command {
  return apiOptions(
    new Command('show-usage').description('What a region holds of a registry, and the requests of the last minute.'),
  )
    .argument('[name]', 'which registry', 'default')
    .option('--region <name>', 'which region (else the first)')
    .action(async (name: string, options: ApiOptions & { region?: string }) => {
      const query = options.region === undefined ? '' : `?${new URLSearchParams({ region: options.region })}`
      const path = `/api/v1/registries/${encodeURIComponent(name)}/usage${query}`
      const usage = await callApi(options, { path, answer: usageShape })
      const held = usage.value.map(one => {
        const text = (value: number) => (one.unit === 'Bytes' ? bytesText(value) : String(value))
        const limit = one.limit === null ? 'none' : text(one.limit)
        return { name: one.name, limit, current: text(one.currentValue), unit: one.unit, refused: '' }
      })
      const requests = operationClass.options.map(kind => {
        const { used, refused, limit } = usage.requests[kind]
        const most = limit.registry === 0 ? 'none' : String(limit.registry)
        return {
          name: `Requests: ${kind}`,
          limit: most,
          current: String(used),
          unit: 'PerMinute',
          refused: String(refused),
        }
      })
      await show(options, usage, { rows: [...held, ...requests], columns, empty: '' })
    })
}
