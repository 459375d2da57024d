import { Command, Option } from 'commander'
import type { PolicyBody } from '../api/index.ts'
import { apiOptions } from './api-client.ts'
import { named, nameOf } from './az-words.ts'
import { type PolicySettingOptions, policySettings, ruleOptions } from './policy-settings.ts'
import { askSwept, type SweepOptions, showSwept } from './swept.ts'

type Options = SweepOptions &
  PolicySettingOptions & { name?: string; kind?: 'retention' | 'tags'; repositories?: string }

/** Of a policy that is there by its name; of one that is not, by --kind and what it would say. */
export function previewCommand(): Command {
  const command = new Command('preview').description('What a policy would delete now; nothing is deleted.')
  return ruleOptions(apiOptions(named(command)))
    .addOption(new Option('--kind <kind>', 'of one that is not saved').choices(['retention', 'tags']))
    .option('--region <name>', 'of which region (else the first)')
    .option('--all', 'what would stay, too')
    .action(async (word: string | undefined, options: Options) => {
      const list = `/api/v1/registries/${encodeURIComponent(options.registry)}/policies`
      if (options.kind === undefined) {
        const path = `${list}/${encodeURIComponent(nameOf(word, options, 'policy'))}/preview`
        return showSwept(options, await askSwept(options, path, undefined), false)
      }
      const { kind, repositories } = options
      const at = repositories === undefined ? {} : { repositories }
      const name = word ?? options.name ?? 'unsaved'
      const body = { name, kind, ...at, settings: policySettings(options) } as PolicyBody
      return showSwept(options, await askSwept(options, `${list}/preview`, body), false)
    })
}
