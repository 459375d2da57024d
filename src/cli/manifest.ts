import { Command } from 'commander'
import {
  type DeletedManifest,
  type DeletedTag,
  deletedManifestList,
  deletedTagList,
  purgedShape,
} from '../api/index.ts'
import { callApi } from './api-client.ts'
import { UsageWrong } from './az-words.ts'
import {
  allDeleted,
  type DeletedOptions,
  deletedOptions,
  deletedPath,
  restoreDeleted,
  wordOf,
} from './deleted-calls.ts'
import { say, show, timeText } from './output.ts'
import { listReferrersCommand, showReportCommand } from './referrers.ts'

/** Of `az acr manifest`, what refers to a manifest and what the trash has; the rest is in `towpath repository`. */
export function manifestCommand(): Command {
  return new Command('manifest')
    .description('What refers to manifests, and deleted ones: see, restore, purge.')
    .addHelpText(
      'after',
      `
Examples:
  towpath manifest list-referrers team/app:v1                 signatures, SBOMs, reports
  towpath manifest show-report team/app@sha256:… --severity critical
  towpath policy create trash --kind soft-delete --days 7     what is deleted from now on is kept
  towpath manifest list-deleted team/app
  towpath manifest list-deleted-tags team/app:v1
  towpath manifest restore team/app:v1                        as it was deleted last
  towpath manifest restore team/app:v1 -d sha256:… --force    of that digest, and moves the tag
  towpath manifest restore team/app@sha256:…                  with the tags that went with it
  towpath repository list-deleted
  towpath repository restore --repository team/app            after it was deleted whole
  towpath manifest purge-deleted team/app --yes

A report is named by its own digest, as list-referrers shows it. Signatures are
verified by the keys of trust policies: towpath policy create --help.
A restore brings back what an index lists, and signatures and other referrers.`,
    )
    .addCommand(listReferrersCommand())
    .addCommand(showReportCommand())
    .addCommand(listDeletedCommand())
    .addCommand(listDeletedTagsCommand())
    .addCommand(restoreCommand())
    .addCommand(purgeCommand())
}

const manifestColumns = [
  { title: 'DIGEST', text: (row: DeletedManifest) => row.digest },
  { title: 'TAGS', text: (row: DeletedManifest) => row.tags.join(' ') },
  { title: 'MEDIA TYPE', text: (row: DeletedManifest) => row.artifactType || row.mediaType },
  { title: 'DELETED', text: (row: DeletedManifest) => timeText(row.deletedAt) },
  { title: 'BY', text: (row: DeletedManifest) => row.by },
  { title: 'UNTIL', text: (row: DeletedManifest) => timeText(row.purgeAt) },
]
const tagColumns = [
  { title: 'TAG', text: (row: DeletedTag) => row.name },
  { title: 'DIGEST', text: (row: DeletedTag) => row.digest },
  { title: 'DELETED', text: (row: DeletedTag) => timeText(row.deletedAt) },
  { title: 'BY', text: (row: DeletedTag) => row.by },
  { title: 'UNTIL', text: (row: DeletedTag) => timeText(row.purgeAt) },
]

function listDeletedCommand(): Command {
  return deletedOptions(new Command('list-deleted').description('Deleted manifests of a repository, the newest first.'))
    .argument('<repository>')
    .action(async (word: string, options: DeletedOptions) => {
      const { repository } = wordOf(word)
      const rows = await allDeleted(options, last => deletedPath(options, '/manifests', { repository, last }), {
        answer: deletedManifestList,
        rowsOf: page => page.manifests,
      })
      await show(options, rows, { rows, columns: manifestColumns, empty: 'None is in the trash.' })
    })
}

function listDeletedTagsCommand(): Command {
  return deletedOptions(
    new Command('list-deleted-tags').description('Deleted tags of a repository, the newest first; or of one name.'),
  )
    .argument('<repository[:tag]>')
    .action(async (word: string, options: DeletedOptions) => {
      const { repository, tag } = wordOf(word)
      const rows = await allDeleted(options, last => deletedPath(options, '/tags', { repository, tag, last }), {
        answer: deletedTagList,
        rowsOf: page => page.tags,
      })
      await show(options, rows, { rows, columns: tagColumns, empty: 'None is in the trash.' })
    })
}

function restoreCommand(): Command {
  return deletedOptions(new Command('restore').description('Push a deleted tag or manifest again, with all of it.'))
    .argument('<repository:tag>', 'or <repository>@<digest>')
    .option('-d, --digest <digest>', 'of several manifests that the tag led to, this one')
    .option('-f, --force', 'move tags that lead elsewhere now')
    .action((word: string, options: DeletedOptions & { digest?: string; force?: true }) => {
      const { repository, tag, digest = options.digest } = wordOf(word)
      if (tag === undefined && digest === undefined) {
        throw UsageWrong('Which tag or manifest?', 'Write <repository>:<tag>; for all: towpath repository restore')
      }
      const what = { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
      return restoreDeleted(options, repository, { ...what, force: options.force ?? false })
    })
}

function purgeCommand(): Command {
  return deletedOptions(
    new Command('purge-deleted').description('Take out of the trash for good: a tag, a manifest, all of a repository.'),
  )
    .argument('<repository>', 'or <repository>:<tag>, or <repository>@<digest>')
    .requiredOption('-y, --yes', 'really')
    .action(async (word: string, options: DeletedOptions) => {
      const path = deletedPath(options, '', wordOf(word))
      const sum = { manifests: 0, tags: 0 }
      for (let more = true; more; ) {
        const page = await callApi(options, { method: 'DELETE', path, answer: purgedShape })
        sum.manifests += page.manifests
        sum.tags += page.tags
        more = page.more
      }
      const columns = [
        { title: 'MANIFESTS', text: (row: typeof sum) => String(row.manifests) },
        { title: 'TAGS', text: (row: typeof sum) => String(row.tags) },
      ]
      await show(options, sum, { rows: [sum], columns, empty: '' })
      if (sum.manifests + sum.tags === 0) say('Nothing of it was in the trash.')
    })
}
