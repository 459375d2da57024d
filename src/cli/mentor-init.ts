import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { FileUnwritable } from './failures.ts'
import { ConfigThere } from './mentor-failures.ts'
import { say } from './output.ts'

const NAMES = ['archangel.json', 'archAngel.json']

export function initCommand(): Command {
  return new Command('init')
    .description('Write a first archangel.json into this folder.')
    .argument('<repositories...>', 'golden repositories: owner/name, a URL, or a path that begins with ./, ../ or /')
    .option('--name <name>', 'name of the set; else that of the folder')
    .action(async (repositories: string[], { name }: { name?: string }) => {
      const { checkConfig, firstConfig, MentorConfigWrong } = await import('../mentor/index.ts')
      const folder = process.cwd()
      const file = join(folder, 'archangel.json')
      for (const one of NAMES) if (await isThere(join(folder, one))) throw ConfigThere(join(folder, one))
      const text = firstConfig(name ?? basename(folder), repositories)
      const problems = checkConfig(file, text)
      if (problems.length > 0) throw MentorConfigWrong(problems)
      await writeFile(file, text, { flag: 'wx' }).catch(error => {
        throw FileUnwritable(file, String(error.code ?? error)).from(error)
      })
      say(`Wrote ${file}. Next: towpath mentor index`)
    })
}

async function isThere(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    error => error.code !== 'ENOENT',
  )
}
