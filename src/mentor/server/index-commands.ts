import { z } from 'zod'
import type { Progress, Refreshed, Trouble } from '../index/types.ts'
import { type Command, type Commands, type Context, command } from './commands.ts'
import { show } from './hint-commands.ts'
import { openBar } from './progress-bar.ts'

const nothing = z.unknown()

/** What there is to do with the index. `indexed`: what is golden is another now. */
export function indexCommands(indexed: () => void): Commands {
  let running: Promise<Refreshed> | undefined

  // Two commands of an editor would wait for each other's lock: the second joins the first.
  const refresh: Command = command(nothing, async (_, context) => {
    running ??= refreshAll(context).finally(() => {
      running = undefined
      indexed()
    })
    return running
  })

  return {
    index: refresh,
    refresh,
    wipe: command(nothing, async (_, { session, signal }) => {
      await session.library.wipe(signal)
      indexed()
    }),
    repair: command(nothing, async (_, { session, signal }) => {
      const removed = await session.library.repair(signal)
      indexed()
      return { removed }
    }),
  }
}

async function refreshAll(context: Context): Promise<Refreshed> {
  const { session, signal } = context
  const bar = await openBar(context, 'Indexing golden repositories')
  try {
    const refreshed = await session.library.refresh(await session.projects.golden(), {
      signal: AbortSignal.any([signal, bar.cancelled]),
      onProgress: teller(context, bar.report),
    })
    const troubles = refreshed.repositories.flatMap(({ repository, trouble }) =>
      trouble ? [words(repository, trouble)] : [],
    )
    if (troubles.length > 0) show(session, troubles.join('\n'))
    return refreshed
  } finally {
    bar.done()
  }
}

/** Programs of the team hear of each phase, not of each file. */
function teller({ session }: Context, report: (progress: Progress) => void): (progress: Progress) => void {
  let before = ''
  return progress => {
    report(progress)
    const phase = `${progress.repository} ${progress.phase}`
    session.events.tell('indexProgress', progress, phase === before ? [] : session.projects.known())
    before = phase
  }
}

function words(repository: string, { says, next }: Trouble): string {
  return `${repository}: ${says}. ${next}.`
}
