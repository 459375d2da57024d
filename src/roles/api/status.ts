import { z } from 'zod'
import { aliveShape, notReadyShape, type ProcessState, readyShape, type Status, statusShape } from '../../api/index.ts'
import { type Clock, type Config, METRICS_TYPE, type Metrics, type Store } from '../../kernel/index.ts'
import { endpoints } from '../endpoints.ts'
import { callNode, gatherMetrics, nodePlaces } from '../nodes.ts'
import { type Route, route } from './route.ts'

type Parts = {
  config: Config
  version: string
  store: Store
  clock: Clock
  metrics: Metrics
  processes: () => readonly ProcessState[] | undefined
  secretsLocked: () => string | undefined
}

/** How the platform is, for people, scripts, load balancers and Prometheus. */
export function statusRoutes({ config, version, store, clock, metrics, processes, secretsLocked }: Parts): Route[] {
  const upSince = clock.now()

  async function read(): Promise<Status> {
    const nodes = await Promise.all(
      nodePlaces(config).map(async place => {
        const { region, node } = place
        const answer = await callNode(place, '/internal/v1/health').catch(() => undefined)
        if (answer?.status !== 200) return { region, node, answers: false }
        return { region, node, answers: true, health: z.record(z.string(), z.unknown()).parse(JSON.parse(answer.body)) }
      }),
    )
    const known = processes()
    return {
      version,
      now: clock.now(),
      upSince,
      endpoints: endpoints(config),
      nodes,
      secretsLocked: secretsLocked() ?? null,
      ...(known ? { processes: [...known] } : {}),
    }
  }

  return [
    route({
      method: 'GET',
      url: '/healthz',
      action: 'status.alive',
      allow: 'anyone',
      summary: 'This process runs',
      answers: { 200: aliveShape },
      run: async () => ({ status: 'ok' as const }),
    }),
    route({
      method: 'GET',
      url: '/readyz',
      action: 'status.ready',
      allow: 'anyone',
      summary: 'Control reads its database, and every region has a node that answers',
      answers: { 200: readyShape, 503: notReadyShape },
      run: async ({ reply }) => {
        await store.read.one({ text: 'select 1 as one', values: [] })
        const answers = await Promise.all(
          nodePlaces(config).map(async place => {
            const answer = await callNode(place, '/internal/v1/health').catch(() => undefined)
            return answer?.status === 200 ? place.region : undefined
          }),
        )
        const waitingFor = config.regions.map(({ name }) => name).filter(name => !answers.includes(name))
        if (waitingFor.length === 0) return { ready: true as const }
        reply.code(503).header('retry-after', '1')
        return { ready: false as const, waitingFor }
      },
    }),
    route({
      method: 'GET',
      url: '/metrics',
      action: 'status.metrics',
      allow: 'anyone',
      summary: 'Prometheus text of control and of every node',
      answers: { 200: z.string() },
      run: async ({ reply }) => {
        reply.header('content-type', METRICS_TYPE).serializer(String)
        return gatherMetrics(config, metrics.text())
      },
    }),
    route({
      method: 'GET',
      url: '/api/v1/status',
      action: 'status.read',
      allow: 'admin',
      summary: 'Processes, nodes and endpoints',
      answers: { 200: statusShape },
      run: read,
    }),
  ]
}
