import { operationClass, type ThrottleChange } from '../api/index.ts'
import { UsageWrong } from './az-words.ts'

const WORDS = /^([a-z]+)=(?:(none)|([0-9]{1,10})(?:\/([0-9]{1,10}))?)$/

/** `read=20000/10000 write=none all=none`: of all together, and of each identity where that stands too. Later ones win. */
export function throttleWords(words: readonly string[]): ThrottleChange {
  return Object.fromEntries(words.flatMap(rates))
}

function rates(word: string) {
  const [, name = '', none, all = '0', each = '0'] = WORDS.exec(word) ?? []
  const known = operationClass.safeParse(name).data
  if (known === undefined && name !== 'all') {
    const classes = operationClass.options.join(', ')
    throw UsageWrong(
      `"${word}" is no limit of requests`,
      `Write <class>=<of the registry>/<of each identity> a minute, for example read=20000/10000, or <class>=none; classes: ${classes}, or all`,
    )
  }
  const rate = none === undefined ? { registry: Number(all), identity: Number(each) } : { registry: 0, identity: 0 }
  return (known === undefined ? operationClass.options : [known]).map(kind => [kind, rate] as const)
}
