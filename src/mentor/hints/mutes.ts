import { matchesGlob, relative, sep } from 'node:path'
import type { Mute } from '../config/types.ts'
import type { NormId } from '../norms/norm.ts'
import type { OwnMute } from './learner.ts'
import { meansNorm } from './norm-pattern.ts'

/** Whether a norm is muted for a file, by the team or by the user. `file` is an absolute path. */
export function isMuted(
  id: NormId,
  file: string,
  { team, own }: { team: readonly Mute[]; own: readonly OwnMute[] },
): boolean {
  return (
    own.some(mute => meansNorm(mute.norm, id) && (mute.path === '' || within(mute.root, file) === mute.path)) ||
    team.some(({ norm, path, folder }) => meansNorm(norm, id) && covers(path, within(folder, file)))
  )
}

function covers(glob: string | undefined, path: string | undefined): boolean {
  if (path === undefined) return false
  // A folder alone means what is in it.
  return glob === undefined || matchesGlob(path, glob) || matchesGlob(path, `${glob.replace(/\/$/, '')}/**`)
}

/** From the folder, with `/`; undefined where the file is elsewhere. */
function within(folder: string, file: string): string | undefined {
  const path = relative(folder, file).split(sep).join('/')
  return path.startsWith('../') || path === '' ? undefined : path
}
