import { createServer } from 'node:net'
import { type Config, failure, ports } from '../kernel/index.ts'

export const PortTaken = failure('PORT_TAKEN', 409, (port: number, address: string, variable: string) => ({
  says: `Port ${port} on ${address} is in use by another program`,
  next: `Stop that program, or choose another port: ${variable}`,
}))

export const AddressUnusable = failure('ADDRESS_UNUSABLE', 400, (address: string, why: string) => ({
  says: `Nothing can listen on ${address} (${why})`,
  next: 'Set listen.address (TOWPATH_LISTEN_ADDRESS) to an address of this machine, such as 127.0.0.1',
}))

type Wanted = { port: number; variable: string }

/** Every TCP port that the configuration asks for, and which variable moves it. */
export function wantedPorts(config: Pick<Config, 'listen' | 'regions'>): Wanted[] {
  const all = ports(config)
  const registry = 'TOWPATH_LISTEN_REGISTRY (the regions follow it)'
  return [
    { port: all.control, variable: 'TOWPATH_LISTEN_CONTROL' },
    { port: all.global, variable: registry },
    ...config.regions.map((_, index) => ({ port: all.regional(index), variable: registry })),
  ]
}

/**
 * Throws where a port is taken. Tried without reusePort: nodes share theirs by it, and so would a second
 * platform, silently, each answering half of the requests.
 */
export async function ensurePortsFree(config: Pick<Config, 'listen' | 'regions'>): Promise<void> {
  const { address } = config.listen
  for (const { port, variable } of wantedPorts(config)) {
    const code = await tryPort(address, port)
    if (code === 'EADDRINUSE') throw PortTaken(port, address, variable)
    if (code !== undefined) throw AddressUnusable(`${address}:${port}`, code)
  }
}

function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  return new Promise(done => {
    server.once('error', error => done('code' in error ? String(error.code) : error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(undefined)))
  })
}
