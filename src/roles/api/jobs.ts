import { z } from 'zod'
import { jobList, jobQuery, jobRetryShape, problemShape } from '../../api/index.ts'
import type { Clock, Config } from '../../kernel/index.ts'
import { callRegion, RegionUnknown } from '../nodes.ts'
import { type Route, route } from './route.ts'

/** As a region's node tells it; the kernel's own shape. */
const job = z.looseObject({ id: z.string(), kind: z.string() })

/** Work that the regions still owe, and work that they gave up on. */
export function jobRoutes({ config, clock }: { config: Config; clock: Clock }): Route[] {
  const regions = (name: string | undefined) => {
    const found = config.regions.map(region => region.name).filter(one => name === undefined || one === name)
    if (found.length === 0) throw RegionUnknown(name ?? '')
    return found
  }
  return [
    route({
      method: 'GET',
      url: '/api/v1/jobs',
      action: 'job.list',
      allow: 'admin',
      summary: 'Jobs that wait (pending) or were given up (dead), of one region or all',
      query: jobQuery,
      answers: { 200: jobList },
      run: async ({ query }) => {
        const unreachable: { region: string; why: string }[] = []
        const lists = await Promise.all(
          regions(query.region).map(async region => {
            try {
              const path = `/internal/v1/jobs?state=${query.state}&limit=${query.limit}`
              const { status, body } = await callRegion(config, region, path)
              if (status !== 200) throw new Error(`answered ${status}`)
              const { jobs } = z.object({ jobs: z.array(job) }).parse(JSON.parse(body))
              return jobs.map(one => ({ ...one, region }))
            } catch (error) {
              unreachable.push({ region, why: error instanceof Error ? error.message : String(error) })
              return []
            }
          }),
        )
        return { jobs: lists.flat(), unreachable, now: clock.now() }
      },
    }),
    route({
      method: 'POST',
      url: '/api/v1/jobs/:region/:id/retry',
      action: 'job.retry',
      allow: 'admin',
      summary: 'Run a job again that was given up',
      params: z.object({ region: z.string(), id: z.string().regex(/^[0-9A-Za-z_:.@-]{1,200}$/) }),
      answers: { 200: jobRetryShape, 404: problemShape },
      run: async ({ params, reply }) => {
        const [region] = regions(params.region)
        const path = `/internal/v1/jobs/${encodeURIComponent(params.id)}/retry`
        const { status, body } = await callRegion(config, region ?? params.region, path, { method: 'POST' })
        if (status === 200) return { id: params.id, retried: true as const }
        reply.code(status)
        return JSON.parse(body)
      },
    }),
  ]
}
