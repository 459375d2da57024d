import { Command } from 'commander'
import type { Progress, Refreshed } from '../mentor/index.ts'
import { EXIT } from './exit-codes.ts'
import { NotGolden } from './mentor-failures.ts'
import { untilInterrupt, withGolden } from './mentor-session.ts'
import { say, show } from './output.ts'
import { type Output, outputOptions } from './output-options.ts'

export function indexCommand(): Command {
  return outputOptions(new Command('index').description('Bring and index the golden repositories of archangel.json.'))
    .addHelpText(
      'after',
      `
Only what changed since the last time is parsed. ^C stops it, and the next run goes on from there.
The index is in ~/.cache/towpath/mentor (TOWPATH_MENTOR_CACHE), one for all your projects.`,
    )
    .action((options: Output) => refresh([], options))
}

export function refreshCommand(): Command {
  return outputOptions(new Command('refresh').description('The same for some of them: see whether they moved on.'))
    .argument('<golden...>', 'names of golden repositories, as towpath mentor status shows them')
    .action((names: string[], options: Output) => refresh(names, options))
}

async function refresh(names: readonly string[], options: Output): Promise<void> {
  const refreshed = await withGolden(({ loaded, library }) => {
    const { golden } = loaded.config
    const known = golden.map(({ name }) => name)
    for (const name of names) if (!known.includes(name)) throw NotGolden(name, known)
    const wanted = names.length === 0 ? golden : golden.filter(({ name }) => names.includes(name))
    return untilInterrupt(signal => library.refresh(wanted, { signal, onProgress: teller() }))
  })
  await showRefreshed(options, refreshed)
}

async function showRefreshed(options: Output, refreshed: Refreshed): Promise<void> {
  const { repositories } = refreshed
  await show(options, refreshed, {
    rows: repositories,
    empty: '',
    columns: [
      { title: 'REPOSITORY', text: row => row.repository },
      { title: 'COMMIT', text: row => row.commit?.slice(0, 12) ?? '' },
      { title: 'CHANGED', text: row => String(row.changed) },
      { title: 'PARSED', text: row => String(row.parsed) },
      { title: 'STATE', text: row => row.trouble?.says ?? 'indexed' },
    ],
  })
  const troubles = repositories.flatMap(({ repository, trouble }) => (trouble ? [{ repository, ...trouble }] : []))
  for (const { repository, says, next } of troubles) say(`${repository}: ${says}\n  ${next}`)
  if (troubles.length > 0) process.exitCode = EXIT.failed
}

/** On a terminal one line that changes; in a log one line a phase. */
function teller(): (progress: Progress) => void {
  const { stderr } = process
  let before = ''
  return ({ repository, phase, done, total }) => {
    const what = `${repository === '' ? '' : `${repository}: `}${phase}`
    const counted = phase === 'fetching' ? `${done} %` : total > 0 ? `${done} of ${total}` : ''
    if (stderr.isTTY) stderr.write(`\r\u001b[K${what} ${counted}`.slice(0, stderr.columns))
    else if (what !== before) say(what)
    if (stderr.isTTY && phase === 'tidying' && what !== before) stderr.write('\r\u001b[K')
    before = what
  }
}
