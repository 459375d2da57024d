import { type Breach, type House, isTest } from './house.ts'
import { adapters, type Reach } from './rooms.ts'

const INSTEAD: Readonly<Record<Reach, string>> = {
  time: 'take a Clock and ask clock.now() or clock.monotonic()',
  timers: 'take a Clock and await clock.sleep(ms, signal)',
  chance: 'take a Clock and ask clock.random() or clock.bytes(n)',
  files: 'take a Disk from the kernel, or a value that a role has read',
  network: 'take a client, a server or a connection from the kernel (src/kernel/http)',
  environment: 'take the value as a parameter: settings enter through the kernel’s config',
}

type Adapters = typeof adapters

/** Time, chance, network and disk enter through adapters, so a failure found by a seed is found again. */
export function reach({ sources }: House, allowed: Adapters = adapters): Breach[] {
  const used = new Set<string>()
  const breaches = sources
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .flatMap(({ path, reaches }) =>
      reaches.flatMap(({ reach, what, line }) => {
        const place = allowed.find(one => covers(one.path, path) && one.reach.includes(reach))
        if (place) {
          used.add(`${place.path} ${reach}`)
          return []
        }
        return [{ path, line, says: `${what} is ${reach} from the machine itself: ${INSTEAD[reach]}` }]
      }),
    )
  const stale = allowed.flatMap(({ path, reach }) =>
    reach
      .filter(one => !used.has(`${path} ${one}`))
      .map(one => ({ path: 'house/rooms.ts', says: `allows ${path} to reach ${one}, which it does not: remove that` })),
  )
  return [...breaches, ...stale]
}

function covers(place: string, path: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place
}
