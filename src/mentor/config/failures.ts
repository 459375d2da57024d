import { failure } from '../../kernel/index.ts'
import type { ConfigProblem } from './types.ts'

export const MentorConfigWrong = failure('MENTOR_CONFIG_WRONG', 400, (problems: readonly ConfigProblem[]) => ({
  says: ['archangel.json is not usable:', ...problems.map(problemLine)].join('\n'),
  next: 'Correct what is named above; an editor with the mentor shows the places',
  detail: { problems },
}))

export const NoGolden = failure('MENTOR_NO_GOLDEN', 404, (folder: string) => ({
  says: `No archangel.json from ${folder} up to / names a golden repository`,
  next: 'Write a first one: towpath mentor init owner/name',
}))

export const NotIndexed = failure('MENTOR_NOT_INDEXED', 404, () => ({
  says: 'None of the golden repositories is indexed on this machine',
  next: 'Index them: towpath mentor index',
}))

/** `/work/archangel.json:3:5 repositories[0] is no repository. Write owner/name.` */
export function problemLine({ file, start, says, fix }: ConfigProblem): string {
  return `  ${file}:${start.line + 1}:${start.character + 1} ${says}. ${fix}${/[.?]$/.test(fix) ? '' : '.'}`
}
