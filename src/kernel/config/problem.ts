import { failure } from '../failure.ts'

/** One thing wrong with the configuration: which key, where it was set, what to do. Never a secret. */
export type Problem = {
  key: string
  /** `towpath.yaml:3` or `environment TOWPATH_LISTEN_CONTROL`. */
  where: string
  says: string
  fix: string
}

export const ConfigInvalid = failure('CONFIG_INVALID', 500, (problems: readonly Problem[]) => ({
  says: ['The configuration is not usable:', ...problems.map(line)].join('\n'),
  next: 'Correct what is named above and start again',
  detail: { problems },
}))

function line({ key, where, says, fix }: Problem): string {
  return `  ${key ? `${key} ` : ''}(${where}) ${says}. ${fix}${/[.?]$/.test(fix) ? '' : '.'}`
}
