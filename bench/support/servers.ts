import { startDockerRegistry } from '../../test/peers/support/docker-registry.ts'
import { processTree } from '../../test/peers/support/proc.ts'
import { freePort, start, until } from '../../test/peers/support/process.ts'
import { type Registry, startRegistry } from '../../test/peers/support/registry.ts'
import type { Content } from './content.ts'

export type Server = {
  name: string
  url: string
  /** All processes that do its work. */
  pids(): number[]
  /** What a signed-in client sends; asked for before each round, since tokens end. */
  headers(): Promise<Record<string, string>>
  stop(): Promise<void>
}

/** Everything pushed by a bench is in this repository. */
export const REPOSITORY = 'bench/content'

export async function startTowpath(
  options?: Parameters<typeof startRegistry>[1],
): Promise<Server & { registry: Registry }> {
  const registry = await startRegistry('sqlite+files', { ...options, unthrottled: true })
  return {
    name: 'towpath',
    url: registry.wire.url,
    registry,
    pids: () => registry.processes().map(one => one.pid),
    async headers() {
      const scope = `repository:${REPOSITORY}:pull,push,delete`
      const answer = await registry.wire.request(`/token?service=${registry.host}&scope=${scope}`)
      if (answer.status !== 200) throw new Error(`No token: ${answer.status} ${await answer.text()}`)
      const { token }: { token: string } = JSON.parse(await answer.text())
      return { authorization: `Bearer ${token}` }
    },
    stop: () => registry.stop(),
  }
}

export async function startPeer(): Promise<Server> {
  const { url, pid, token, stop } = await startDockerRegistry()
  return {
    name: 'docker-registry',
    url,
    pids: () => processTree(pid).map(one => one.pid),
    headers: async () => ({ authorization: `Bearer ${token([REPOSITORY])}` }),
    stop,
  }
}

/** One process that answers one path from memory: what Node's HTTP alone costs. */
export async function startBare(content: Content): Promise<Server> {
  const port = await freePort()
  const program = new URL('bare-server.ts', import.meta.url).pathname
  const { path, type, digest, bytes } = content
  const log = `${process.env.TMPDIR ?? '/tmp'}/towpath-bare-${port}.log`
  const env = { ...process.env, BARE: JSON.stringify({ port, path, type, digest, body: bytes.toString('base64') }) }
  const running = start(process.execPath, [program], { log, env })
  const url = `http://127.0.0.1:${port}`
  await until('bare server', async () => (await fetch(url + path)).status === 200, { context: running.output })
  return {
    name: 'bare node:http',
    url,
    pids: () => [running.pid],
    headers: async () => ({ authorization: 'Bearer ignored' }),
    stop: () => running.stop(),
  }
}
