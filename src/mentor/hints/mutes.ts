import { createMatcher, pathUnder } from '../config/glob.ts'
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
  const byUser = (mute: OwnMute) => mute.path === '' || pathUnder(mute.root, file) === mute.path
  return own.some(mute => meansNorm(mute.norm, id) && byUser(mute)) || teamMute(id, file, team) !== undefined
}

/** What the team's files say of a norm for a file, the nearest first. */
export function teamMute(id: NormId, file: string, team: readonly Mute[]): Mute | undefined {
  return team.find(({ norm, path, folder }) => meansNorm(norm, id) && covers(path, pathUnder(folder, file)))
}

function covers(glob: string | undefined, path: string | undefined): boolean {
  return path !== undefined && (glob === undefined || createMatcher([glob])(path))
}
