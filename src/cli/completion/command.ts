import { Argument, Command } from 'commander'
import { candidatesOf } from './candidates.ts'
import { type Shell, scripts } from './scripts.ts'
import { typedWords } from './typed-words.ts'

const shells = Object.keys(scripts)

export function completionCommand(): Command {
  return new Command('completion')
    .description('What makes a shell complete commands, options and names. "towpath" has to be in its PATH.')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  source <(towpath completion bash)                  in ~/.bashrc
  source <(towpath completion zsh)                   in ~/.zshrc, after compinit
  towpath completion fish > ~/.config/fish/completions/towpath.fish

Names come from the server that commands would ask, where TOWPATH_PASSWORD or towpath login
lets them, within 0.3 s; else there are none.`,
    )
    .action((shell: Shell) => void process.stdout.write(scripts[shell]))
}

/** What the scripts ask. A shell that shows errors at a tab would be worse than none: it says what it knows, or nothing. */
export function completeCommand(treeOf: (words: readonly string[]) => Promise<Command>): Command {
  return new Command('complete')
    .addArgument(new Argument('<shell>').choices(shells))
    .argument('[words...]')
    .action(async (shell: Shell, words: string[]) => {
      const typed = shell === 'bash' ? typedWords(words) : words
      process.stdout.write((await answer(await treeOf(typed), typed)).join(''))
    })
}

async function answer(program: Command, words: readonly string[]): Promise<string[]> {
  const { candidates, names } = candidatesOf(program, words)
  const found = names ? await (await import('./names.ts')).namesOf(names).catch(() => []) : []
  const all = [...candidates, ...found.map(name => ({ word: `${names?.prefix ?? ''}${name}`, means: '' }))]
  const current = words.at(-1) ?? ''
  return all
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, means }) => (means ? `${word}\t${means.replace(/\s+/g, ' ')}\n` : `${word}\n`))
}
