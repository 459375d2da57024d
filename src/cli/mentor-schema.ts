import { Command } from 'commander'
import { show } from './output.ts'

export function schemaCommand(): Command {
  return new Command('schema').description('The JSON Schema of archangel.json, for editors.').action(async () => {
    const { mentorConfigSchema } = await import('../mentor/index.ts')
    await show({ output: 'json' }, mentorConfigSchema())
  })
}
