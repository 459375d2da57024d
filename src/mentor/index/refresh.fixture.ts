import { systemClock } from '../../kernel/index.ts'
import { refresh } from './refresh.ts'

/** This file as a program, to be killed: refreshes an index and says each step of it. */
export const REFRESHING = import.meta.filename

if (process.argv[1] === REFRESHING) {
  const [dir = '', golden = ''] = process.argv.slice(2)
  await refresh({
    dir,
    golden: JSON.parse(golden),
    clock: systemClock('child'),
    signal: new AbortController().signal,
    onProgress: progress => process.stdout.write(`${JSON.stringify(progress)}\n`),
  })
}
