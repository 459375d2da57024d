import { setTimeout as sleep } from 'node:timers/promises'
import { type Import, importShape } from '../api/index.ts'
import { Failure } from '../kernel/index.ts'
import { type ApiOptions, callApi } from './api-client.ts'
import { clock } from './clock.ts'
import { answered, ImportCanceled } from './failures.ts'
import { createProgress } from './oci/progress.ts'
import { say } from './output.ts'

type Options = ApiOptions & { name: string; region?: string | undefined }

const LOOK_MS = 1_000
/** Control may start again meanwhile: the import does not care. */
const MISSED_LOOKS = 30

export function importPath({ name, region }: Options, more = '', query: Record<string, string> = {}): string {
  const asked = new URLSearchParams({ ...query, ...(region === undefined ? {} : { region }) })
  return `/api/v1/registries/${encodeURIComponent(name)}/imports${more}${asked.size === 0 ? '' : `?${asked}`}`
}

/** Until it has ended; throws what it ended with. On Ctrl-C the import goes on, and the process ends here. */
export async function waitForImport(options: Options, begun: Import): Promise<Import> {
  const path = importPath(options, `/${begun.id}`)
  const progress = createProgress(process.stderr, clock, { color: !process.env.NO_COLOR })
  const left = () => {
    progress.end()
    say(`It goes on. Look: towpath import show ${begun.id}. End it: towpath import cancel ${begun.id}`)
    process.exit(130)
  }
  process.once('SIGINT', left).once('SIGTERM', left)
  say(`Import ${begun.id}: ${begun.source} to ${begun.repository}`)
  try {
    let said = ''
    for (let one = begun, missed = 0; ; ) {
      const { bytes } = one.progress
      progress.at(one.id, labelOf(one), bytes.done, bytes.total)
      const trouble = one.error === null || one.endedAt !== null ? '' : one.error.title
      if (trouble !== said && trouble !== '') progress.say(`It is tried again: ${trouble}`)
      said = trouble
      if (one.endedAt !== null) return ended(one)
      await sleep(LOOK_MS)
      try {
        one = await callApi(options, { path, answer: importShape })
        missed = 0
      } catch (error) {
        const away = error instanceof Failure && error.status >= 500
        if (!away || ++missed > MISSED_LOOKS) throw error
      }
    }
  } finally {
    progress.end()
    process.off('SIGINT', left).off('SIGTERM', left)
  }
}

function labelOf({ allTags, progress: { tags, blobs, manifests } }: Import): string {
  const things = `${manifests.done + blobs.done}/${manifests.total + blobs.total}`
  return allTags ? `${tags} tags, ${things}` : `${things} things`
}

function ended(one: Import): Import {
  if (one.state === 'canceled') throw ImportCanceled(one.id)
  for (const problem of one.problems) say(`${problem.tag}: ${problem.title}`)
  if (one.error) throw answered(one.error)
  return one
}
