import { createLog, systemClock } from '../kernel/index.ts'
import { VERSION } from './version.ts'

/** Speaks with an editor over standard input and output; the log goes to standard error. Ends when the editor does. */
export async function serveMentor(): Promise<void> {
  const { openLibrary, placesOf, startServer } = await import('../mentor/index.ts')
  const places = placesOf(process.env)
  const clock = systemClock('mentor')
  startServer({
    input: process.stdin,
    output: process.stdout,
    version: VERSION,
    clock,
    log: createLog({ level: 'info', format: 'text', role: 'mentor' }),
    places,
    env: process.env,
    library: openLibrary({ dir: places.cache, clock }),
  })
}
