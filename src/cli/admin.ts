import { Argument, Command } from 'commander'
import { adminPasswordList, adminPasswordShape } from '../api/index.ts'
import { type ApiOptions, apiOptions, callApi } from './api-client.ts'
import { configOption } from './config-option.ts'
import type { LocalCommands } from './local-commands.ts'
import { ago, say, show } from './output.ts'
import { masterKeyCommand, secretsCommand } from './secrets.ts'
import { signingKeysCommand } from './signing-keys.ts'

export function adminCommand(local: LocalCommands): Command {
  return new Command('admin')
    .description('The admin has two passwords, so that one can be replaced while the other keeps working.')
    .addHelpText(
      'after',
      `
Examples:
  towpath admin rotate 2                 make the second password; move everybody to it
  towpath admin rotate 1                 then replace the first one
  towpath admin rotate 2 --query password -o tsv > /run/secrets/towpath
  towpath admin list
  towpath admin signing-keys --rotate    a new key for registry tokens, without a restart
  towpath admin secrets                  how old every secret is, and what is due
  towpath admin master-key rotate        a new key over all that is sealed
  towpath admin rotate 1 --offline       both lost: while the platform is stopped, on its own machine`,
    )
    .addCommand(rotateCommand(local))
    .addCommand(listCommand())
    .addCommand(signingKeysCommand())
    .addCommand(masterKeyCommand())
    .addCommand(secretsCommand())
}

type RotateOptions = ApiOptions & { offline?: boolean; config?: string }

function rotateCommand(local: LocalCommands): Command {
  return apiOptions(new Command('rotate').description('Replace one password; the new one is shown this once.'))
    .addArgument(new Argument('<slot>', 'which one').choices(['1', '2']))
    .option('--offline', 'write to the database of a platform that is stopped; needs no password')
    .addOption(configOption())
    .action(async (slot: string, options: RotateOptions) => {
      const made = options.offline
        ? await local.rotateOffline({ configFile: options.config, env: process.env, slot: slot === '1' ? 1 : 2 })
        : await callApi(options, {
            method: 'POST',
            path: `/api/v1/admin/passwords/${slot}`,
            answer: adminPasswordShape,
          })
      await show(options, made, {
        rows: [made],
        empty: '',
        columns: [
          { title: 'USER', text: row => row.user },
          { title: 'SLOT', text: row => String(row.slot) },
          { title: 'PASSWORD', text: row => row.password },
        ],
      })
      say('The old one is refused from now on; regions hear of it within seconds.')
    })
}

function listCommand(): Command {
  return apiOptions(new Command('list').description('Which passwords there are, and how old.')).action(
    async (options: ApiOptions) => {
      const found = await callApi(options, { path: '/api/v1/admin/passwords', answer: adminPasswordList })
      await show(options, found.passwords, {
        rows: found.passwords,
        empty: 'There is none.',
        columns: [
          { title: 'SLOT', text: row => String(row.slot) },
          { title: 'AGE', text: row => ago(found.now - row.changedAt) },
        ],
      })
    },
  )
}
