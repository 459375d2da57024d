import type { Argument, Command, Option } from 'commander'

/** What a command line that is not done yet may go on with. */
export type Candidate = { word: string; means?: string }

/** Whose names are wanted, and what was given before. */
export type Wanted = { subject: string; given: Readonly<Record<string, string>> }

export type Found = { candidates: Candidate[]; names?: Wanted & { prefix: string } }

/** `words` are those after the program; the last is being typed, and may be empty. */
export function candidatesOf(program: Command, words: readonly string[]): Found {
  const { command, open, place, given } = walk(program, words.slice(0, -1))
  const current = words.at(-1) ?? ''
  const equals = current.startsWith('--') ? current.indexOf('=') : -1
  if (open) return valuesOf(command, open, { given, prefix: '' })
  if (equals > 0) {
    const option = optionBy(command, current.slice(0, equals))
    return option ? valuesOf(command, option, { given, prefix: current.slice(0, equals + 1) }) : { candidates: [] }
  }
  if (current.startsWith('-')) return { candidates: optionsOf(command, given) }
  if (command.commands.length > 0) return { candidates: commandsOf(command) }
  const argument = argumentAt(command, place)
  return argument ? valuesOf(command, argument, { given, prefix: '' }) : { candidates: [] }
}

type Walked = { command: Command; open?: Option; place: number; given: Record<string, string> }

function walk(program: Command, words: readonly string[]): Walked {
  const given: Record<string, string> = {}
  let command = program
  let place = 0
  let open: Option | undefined
  for (const word of words) {
    if (open && !word.startsWith('-')) {
      given[open.attributeName()] = word
      if (!open.variadic) open = undefined
      continue
    }
    open = undefined
    if (word.startsWith('-')) {
      const [flag = '', ...value] = word.split('=')
      const option = optionBy(command, flag)
      if (!option) continue
      given[option.attributeName()] = value.join('=')
      if (takesValue(option) && value.length === 0) open = option
      continue
    }
    const below = place === 0 ? command.commands.find(one => one.name() === word) : undefined
    if (below) command = below
    else place++
  }
  return { command, place, given, ...(open ? { open } : {}) }
}

function takesValue(option: Option): boolean {
  return option.required || option.optional
}

function optionBy(command: Command, flag: string): Option | undefined {
  return command.options.find(option => option.long === flag || option.short === flag)
}

/** What was given once is not offered again, unless it may be given several times. */
function optionsOf(command: Command, given: Readonly<Record<string, string>>): Candidate[] {
  const left = command.options.filter(
    option =>
      option.long && !option.hidden && (Array.isArray(option.defaultValue) || !(option.attributeName() in given)),
  )
  return [
    ...left.map(option => ({ word: option.long ?? '', means: option.description })),
    { word: '--help', means: 'display help for command' },
  ]
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map(one => ({ word: one.name(), means: one.summary() || one.description() }))
}

/** The last of them may take all that follows. */
function argumentAt(command: Command, place: number): Argument | undefined {
  const all = command.registeredArguments
  const last = all.at(-1)
  return all[place] ?? (last?.variadic ? last : undefined)
}

function valuesOf(command: Command, of: Option | Argument, by: { given: Wanted['given']; prefix: string }): Found {
  const choices = of.argChoices ?? []
  if (choices.length > 0) return { candidates: choices.map(choice => ({ word: `${by.prefix}${choice}` })) }
  const subject = subjectOf(command, of)
  return { candidates: [], ...(subject === undefined ? {} : { names: { subject, ...by } }) }
}

/** `--in <group>` wants a group, `--registry <name>` a registry, `<name>` what the commands are about, unless it is to be made. */
function subjectOf(command: Command, of: Option | Argument): string | undefined {
  const placeholder = 'long' in of ? /<([^>.]+)/.exec(of.flags)?.[1] : of.name()
  if (placeholder !== 'name') return placeholder
  if ('long' in of && of.long !== '--name') {
    const inRegistry = of.long === '--repository' && command.options.some(one => one.long === '--registry')
    return inRegistry ? 'repository of a registry' : of.long?.slice(2)
  }
  return command.name() === 'create' ? undefined : command.parent?.name()
}
