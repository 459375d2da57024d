import { Command, Option } from 'commander'
import { z } from 'zod'
import { type JobQuery, jobList, jobRetryShape, jobShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { EXIT } from './exit-codes.ts'
import { ago, say, show } from './output.ts'

const list = jobList.extend({ jobs: z.array(jobShape) })

type ListOptions = ApiOptions & { state: NonNullable<JobQuery['state']>; region?: string; limit: string }

export function jobsCommand(): Command {
  return new Command('jobs')
    .description('Work that the regions still owe, and work that they gave up on after many tries.')
    .addHelpText(
      'after',
      `
Examples:
  towpath jobs list                      what was given up
  towpath jobs list --state pending
  towpath jobs retry home job_01k…       after the cause is gone`,
    )
    .addCommand(listCommand())
    .addCommand(retryCommand())
}

function listCommand(): Command {
  return apiOptions(new Command('list').description('Jobs of one region or all.'))
    .addOption(new Option('--state <state>').choices(['dead', 'pending']).default('dead'))
    .option('--region <name>')
    .option('--limit <count>', 'of each region', '100')
    .action(async (options: ListOptions) => {
      const query = new URLSearchParams({ state: options.state, limit: options.limit })
      if (options.region !== undefined) query.set('region', options.region)
      const found = await callApi(options, { path: `/api/v1/jobs?${query}`, answer: list })
      await show(options, found.jobs, {
        rows: found.jobs,
        empty: options.state === 'dead' ? 'Nothing was given up.' : 'Nothing waits.',
        columns: [
          { title: 'REGION', text: row => row.region },
          { title: 'ID', text: row => row.id },
          { title: 'KIND', text: row => row.kind },
          { title: 'TRIES', text: row => String(row.attempts) },
          { title: 'CHANGED', text: row => `${ago(found.now - row.updatedAt)} ago` },
          { title: 'LAST ERROR', text: row => row.lastError },
        ],
      })
      for (const { region, why } of found.unreachable) say(`Region ${region} did not answer: ${why}`)
      if (found.unreachable.length > 0) process.exitCode = EXIT.away
    })
}

function retryCommand(): Command {
  return apiOptions(new Command('retry').description('Run a job again that was given up, with all its tries.'))
    .argument('<region>')
    .argument('<id>')
    .action(async (region: string, id: string, options: ApiOptions) => {
      const path = `/api/v1/jobs/${encodeURIComponent(region)}/${encodeURIComponent(id)}/retry`
      await callApi(options, { method: 'POST', path, answer: jobRetryShape })
      say(`Job ${id} runs again.`)
    })
}
