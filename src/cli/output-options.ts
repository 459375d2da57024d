import { type Command, Option } from 'commander'

export type Output = { output: 'table' | 'json' | 'yaml' | 'tsv'; query?: string }

/** The options of every command that shows data, in the words of `az`. */
export function outputOptions(command: Command, form: Output['output'] = 'table'): Command {
  return command
    .addOption(
      new Option('-o, --output <form>', 'how data is written').choices(['table', 'json', 'yaml', 'tsv']).default(form),
    )
    .option('--query <jmespath>', 'what of the data (that of -o json); see jmespath.org')
}
