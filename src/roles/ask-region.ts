import { problemShape } from '../api/index.ts'
import { type Config, Failure, failure } from '../kernel/index.ts'
import { streamSocket } from './call-socket.ts'
import { callRegion, type NodeCall, nodesOf, PATIENCE_MS, RegionAway } from './nodes.ts'

const NotUnderstood = failure('REGION_NOT_UNDERSTOOD', 502, (region: string, status: number) => ({
  says: `Region "${region}" answered ${status} in words that control does not know`,
  next: 'Run all processes in one version',
}))

/** What the region says in JSON; what it refuses is thrown as the failure that it told. */
export async function askRegion(config: Config, region: string, path: string, call?: NodeCall) {
  const { status, body } = await callRegion(config, region, path, call)
  if (status === 200) return JSON.parse(body) as unknown
  throw told(region, status, body)
}

/** The same for an answer of any length, from the first node that begins one. What breaks off later is thrown to whoever reads. */
export async function streamRegion(config: Config, region: string, path: string): Promise<AsyncGenerator<Buffer>> {
  let last: unknown
  for (const place of nodesOf(config, region)) {
    try {
      const { status, chunks, whole } = await streamSocket(place.socket, { path, timeout: 5 * PATIENCE_MS })
      if (status === 200) return chunks()
      last = told(region, status, await whole())
    } catch (error) {
      last = RegionAway(region).from(error)
    }
  }
  throw last
}

function told(region: string, status: number, body: string): Failure {
  const found = problemShape.safeParse(parsed(body))
  if (!found.success) return NotUnderstood(region, status)
  const { code, title, detail } = found.data
  return new Failure(code, status, { says: title, next: detail })
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
