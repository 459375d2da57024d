import { z } from 'zod'
import { type Commands, command } from './commands.ts'

const modeShape = z.object({ mode: z.enum(['learning', 'pairing', 'off']) })

/** Kept on this machine, for all editors and projects of the user. */
export function modeCommands(changed: () => void): Commands {
  return {
    mode: command(modeShape, async ({ mode }, { session }) => {
      session.learner.setMode(mode)
      changed()
      return { mode }
    }),
  }
}
