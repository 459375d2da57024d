import { Command, Option } from 'commander'
import { nothing, type Policy, type PolicyBody, type PolicyChange, policyList, policyShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { type Named, named, nameOf, UsageWrong } from './az-words.ts'
import { say, show } from './output.ts'
import { previewCommand } from './policy-preview.ts'
import { type PolicySettingOptions, policySettings, ruleOptions, settingsText } from './policy-settings.ts'

type Options = ApiOptions & Named
type Kind = Policy['kind']

export function policyCommand(): Command {
  return new Command('policy')
    .description('Policies: what a registry keeps and for how long, and which tags never move.')
    .addHelpText(
      'after',
      `
Examples:
  towpath policy create untagged --kind retention --days 7
  towpath policy create builds --kind tags --repositories "team/*" \\
    --tags "pr-*" "dev-*" --keep 10 --keep-pushed-within 30
  towpath policy create releases --kind immutable --tags "v*"
  towpath policy create signed --kind trust --key release=./cosign.pub --refuse
  towpath policy create trash --kind soft-delete --days 30
  towpath policy create room --kind quota --bytes 500GiB
  towpath policy create each --kind quota --bytes 20GiB --of repository --repositories "team/*"
  towpath policy update builds --keep none --keep-pulled-within 90
  towpath policy update untagged --status disabled
  towpath policy preview builds
  towpath policy preview --kind tags --tags "pr-*" --keep 5 --all
  towpath policy show builds -o json

* stands for any run of characters, slashes too; all else for itself.
retention deletes manifests that have no tag, tags takes off the tags that none
of its --keep rules keeps, immutable refuses to move or delete tags, trust says
by which keys images are signed and, with --refuse, that only those are pulled,
soft-delete keeps what is deleted for towpath manifest restore to bring back,
quota says how many bytes there may be.`,
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(createCommand())
    .addCommand(updateCommand())
    .addCommand(deleteCommand())
    .addCommand(previewCommand())
}

const columns = [
  { title: 'NAME', text: (row: Policy) => row.name },
  { title: 'KIND', text: (row: Policy) => row.kind },
  { title: 'REPOSITORIES', text: (row: Policy) => row.repositories },
  { title: 'STATUS', text: (row: Policy) => row.status },
  { title: 'SETTINGS', text: settingsText },
]

function listCommand(): Command {
  return apiOptions(new Command('list').description('All policies of a registry.'))
    .option('-r, --registry <name>', 'which registry', 'default')
    .action(async (options: Options) => {
      const { policies } = await callApi(options, { path: pathOf(options), answer: policyList })
      await show(options, policies, { rows: policies, columns, empty: 'There is none.' })
    })
}

function showCommand(): Command {
  return apiOptions(named(new Command('show').description('One policy.'))).action(
    async (word: string | undefined, options: Options) => {
      await showOne(options, await callApi(options, { path: pathOf(options, word), answer: policyShape }))
    },
  )
}

type SettingOptions = Options & PolicySettingOptions & { repositories?: string; status?: Policy['status'] }

function settingOptions(command: Command): Command {
  return ruleOptions(apiOptions(named(command))).addOption(
    new Option('--status <status>', 'whether it counts').choices(['enabled', 'disabled']),
  )
}

function createCommand(): Command {
  const kinds: Kind[] = ['retention', 'tags', 'immutable', 'trust', 'soft-delete', 'quota']
  return settingOptions(new Command('create').description('Make a policy.'))
    .addOption(new Option('--kind <kind>', 'what it does').choices(kinds).makeOptionMandatory())
    .action(async (word: string | undefined, options: SettingOptions & { kind: Kind }) => {
      const name = nameOf(word, options, 'policy')
      // What belongs to the kind is the server's to say, which names what is missing or too much.
      const body = { name, kind: options.kind, ...changeOf(options), settings: policySettings(options) } as PolicyBody
      const call = { method: 'POST', path: pathOf(options), body, answer: policyShape } as const
      await showOne(options, await callApi(options, call))
    })
}

function updateCommand(): Command {
  return settingOptions(new Command('update').description('Change a policy; what is left out stays.')).action(
    async (word: string | undefined, options: SettingOptions) => {
      const settings = policySettings(options) as PolicyChange['settings']
      const body: PolicyChange = { ...changeOf(options), ...(Object.keys(settings ?? {}).length ? { settings } : {}) }
      if (Object.keys(body).length === 0) {
        throw UsageWrong('There is nothing to change', 'Add for example --status disabled')
      }
      const call = { method: 'PATCH', path: pathOf(options, word), body, answer: policyShape } as const
      await showOne(options, await callApi(options, call))
    },
  )
}

function deleteCommand(): Command {
  return apiOptions(named(new Command('delete').description('Delete a policy; what it deleted stays deleted.')))
    .requiredOption('-y, --yes', 'really')
    .action(async (word: string | undefined, options: Options) => {
      await callApi(options, { method: 'DELETE', path: pathOf(options, word), answer: nothing })
      say(`Policy "${nameOf(word, options, 'policy')}" is deleted; regions hear of it within seconds.`)
    })
}

function changeOf({ repositories, status }: SettingOptions): Omit<PolicyChange, 'settings'> {
  return { ...(repositories === undefined ? {} : { repositories }), ...(status === undefined ? {} : { status }) }
}

function pathOf(options: Options, ...one: (string | undefined)[]): string {
  const list = `/api/v1/registries/${encodeURIComponent(options.registry)}/policies`
  return one.length === 0 ? list : `${list}/${encodeURIComponent(nameOf(one[0], options, 'policy'))}`
}

function showOne(options: ApiOptions, one: Policy): Promise<void> {
  return show(options, one, { rows: [one], columns, empty: '' })
}
