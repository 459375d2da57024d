import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where the mentor keeps what it can make again, and what it can't: never in the user's repository. */
export type Places = { cache: string; state: string }

export function placesOf(env: Readonly<Record<string, string | undefined>>, home: string = homedir()): Places {
  return {
    cache: given(env.TOWPATH_MENTOR_CACHE) ?? below(env.XDG_CACHE_HOME, join(home, '.cache')),
    state: given(env.TOWPATH_MENTOR_STATE) ?? below(env.XDG_STATE_HOME, join(home, '.local', 'state')),
  }
}

function below(base: string | undefined, otherwise: string): string {
  return join(given(base) ?? otherwise, 'towpath', 'mentor')
}

/** The XDG specification has relative paths ignored. */
function given(path: string | undefined): string | undefined {
  return path && isAbsolute(path) ? path : undefined
}
