import type { Library, LoadedConfig, Places } from '../mentor/index.ts'
import { clock } from './clock.ts'
import { say } from './output.ts'
import { stayAwake } from './stay-awake.ts'

/** What the commands of the mentor work with: the folder's configuration and this user's index. */
export type MentorSession = { folder: string; places: Places; loaded: LoadedConfig; library: Library }

/** Of the working folder; what is wrong with its configuration ends the command, what is odd is said. */
export async function withMentor<T>(run: (session: MentorSession) => Promise<T>): Promise<T> {
  const { loadMentorConfig, openLibrary, placesOf } = await import('../mentor/index.ts')
  const folder = process.cwd()
  const places = placesOf(process.env)
  const loaded = await loadMentorConfig({ folder, state: places.state })
  await refuseWrong(loaded)
  const library = openLibrary({ dir: places.cache, clock })
  try {
    return await run({ folder, places, loaded, library })
  } finally {
    library.close()
  }
}

/** The same for what needs a golden repository; only those of this project are looked at. */
export async function withGolden<T>(run: (session: MentorSession) => Promise<T>): Promise<T> {
  return withMentor(async session => {
    const { NoGolden } = await import('../mentor/index.ts')
    const { golden } = session.loaded.config
    if (golden.length === 0) throw NoGolden(session.folder)
    session.library.use(golden)
    return run(session)
  })
}

/** The same for what has no answer before something is indexed. */
export async function withIndexed<T>(run: (session: MentorSession) => Promise<T>): Promise<T> {
  return withGolden(async session => {
    const { requireIndexed } = await import('../mentor/index.ts')
    requireIndexed(session.library)
    return run(session)
  })
}

export async function refuseWrong({ problems }: Pick<LoadedConfig, 'problems'>): Promise<void> {
  const { MentorConfigWrong, problemLine } = await import('../mentor/index.ts')
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw MentorConfigWrong(errors)
  for (const problem of problems) if (!problem.waits) say(`warning:${problemLine(problem)}`)
}

/** Ends with the first ^C, so that what is under way can be left whole; the second ends the program. */
export async function untilInterrupt<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const { Interrupted } = await import('./mentor-failures.ts')
  const interrupt = () => stop.abort(Interrupted())
  process.once('SIGINT', interrupt)
  const rest = stayAwake()
  try {
    return await run(stop.signal)
  } finally {
    rest()
    process.off('SIGINT', interrupt)
  }
}
