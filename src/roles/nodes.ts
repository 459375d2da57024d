import { type Config, failure, type Ms, mergeMetrics, paths } from '../kernel/index.ts'
import { callSocket, type SocketAnswer, type SocketCall } from './call-socket.ts'

export type NodePlace = { readonly region: string; readonly node: number; readonly socket: string }

/** A node that does not answer this soon is reported as not answering. */
export const PATIENCE_MS = 3_000

export const RegionUnknown = failure('REGION_UNKNOWN', 404, (name: string) => ({
  says: `There is no region "${name}"`,
  next: 'See the regions: towpath status',
}))

export const RegionAway = failure('REGION_AWAY', 503, (region: string) => ({
  says: `No node of region "${region}" answers`,
  next: 'See whether they run: towpath status. What the region keeps is there when it is back',
}))

/** Every region node that the configuration names. */
export function nodePlaces(config: Config): NodePlace[] {
  const at = paths(config)
  return config.regions.flatMap(({ name, nodes }) =>
    Array.from({ length: nodes }, (_, node) => ({ region: name, node, socket: at.nodeSocket(name, node) })),
  )
}

/** `timeout`: else `PATIENCE_MS`. */
export type NodeCall = Pick<SocketCall, 'method' | 'body'> & { timeout?: Ms | undefined }

export function callNode(place: NodePlace, path: string, { timeout = PATIENCE_MS, ...call }: NodeCall = {}) {
  return callSocket(place.socket, { path, timeout, ...call })
}

/** The one that is asked for, else the first. */
export function regionOf(config: Config, { region }: { region?: string | undefined }): string {
  return region ?? config.regions[0]?.name ?? ''
}

export function nodesOf(config: Config, region: string): NodePlace[] {
  const places = nodePlaces(config).filter(one => one.region === region)
  if (places.length === 0) throw RegionUnknown(region)
  return places
}

/**
 * The answer of the region's first node that gives one: all of them share its database. A node whose answer was lost
 * has done what it was asked, and the next one does it once more.
 */
export async function callRegion(config: Config, region: string, path: string, call?: NodeCall) {
  let last: unknown
  for (const place of nodesOf(config, region)) {
    try {
      return await callNode(place, path, call)
    } catch (error) {
      last = error
    }
  }
  throw RegionAway(region).from(last)
}

/** The own metrics and those of all nodes as one text; each node's up or down is a metric too. */
export async function gatherMetrics(config: Config, own: string): Promise<string> {
  const places = nodePlaces(config)
  const answers = await Promise.all(places.map(place => callNode(place, '/internal/v1/metrics').catch(() => undefined)))
  const isUp = (answer: SocketAnswer | undefined) => answer?.status === 200
  const up = places.map(
    ({ region, node }, i) => `towpath_node_up{node="${region}-${node}"} ${isUp(answers[i]) ? 1 : 0}`,
  )
  const head = '# HELP towpath_node_up Whether the region node answers.\n# TYPE towpath_node_up gauge\n'
  const texts = answers.flatMap(answer => (answer !== undefined && isUp(answer) ? [answer.body] : []))
  return mergeMetrics([own, `${head}${up.join('\n')}\n`, ...texts])
}
