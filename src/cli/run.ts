import { styleText } from 'node:util'
import { type Argument, Command, CommanderError } from 'commander'
import { EXIT, EXIT_HELP, exitCodeOf } from './exit-codes.ts'
import type { LocalCommands } from './local-commands.ts'

type Entry = { summary: string; group: string; load: (local: LocalCommands) => Promise<Command> }

/** Loaded only when it is the one: the list itself costs nothing. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  up: {
    group: 'Run:',
    summary: 'Run the whole platform on this machine, in the foreground',
    load: async local => (await import('./up.ts')).upCommand(local),
  },
  serve: {
    group: 'Run:',
    summary: 'Run one role alone: control, writer or region',
    load: async local => (await import('./serve.ts')).serveCommand(local),
  },
  backup: {
    group: 'Run:',
    summary: 'Copy everything but secrets, consistently, while it runs',
    load: async local => (await import('./backup.ts')).backupCommand(local),
  },
  restore: {
    group: 'Run:',
    summary: 'Bring a backup to life in an empty home',
    load: async local => (await import('./restore.ts')).restoreCommand(local),
  },
  config: {
    group: 'Run:',
    summary: 'Check, show or describe the configuration',
    load: async local => (await import('./config.ts')).configCommand(local),
  },
  oci: {
    group: 'Use:',
    summary: 'Push, pull, copy and look at artifacts in any OCI registry',
    load: async () => (await import('./oci/index.ts')).ociCommand(),
  },
  login: {
    group: 'Use:',
    summary: 'Sign in by a browser, and stay signed in',
    load: async () => (await import('./login.ts')).loginCommand(),
  },
  logout: {
    group: 'Use:',
    summary: 'Sign out',
    load: async () => (await import('./logout.ts')).logoutCommand(),
  },
  whoami: {
    group: 'Use:',
    summary: 'As whom this command line is signed in',
    load: async () => (await import('./whoami.ts')).whoamiCommand(),
  },
  status: {
    group: 'Use:',
    summary: 'Show processes, nodes and endpoints',
    load: async () => (await import('./status.ts')).statusCommand(),
  },
  registry: {
    group: 'Use:',
    summary: 'List, make, change and delete registries, and sign in to them',
    load: async () => (await import('./registry.ts')).registryCommand(),
  },
  repository: {
    group: 'Use:',
    summary: 'Repositories, tags and manifests of a registry: see, lock, untag, delete, restore',
    load: async () => (await import('./repository.ts')).repositoryCommand(),
  },
  manifest: {
    group: 'Use:',
    summary: 'What refers to manifests; deleted ones: see, restore, purge',
    load: async () => (await import('./manifest.ts')).manifestCommand(),
  },
  import: {
    group: 'Use:',
    summary: 'Bring images and artifacts here from any registry',
    load: async () => (await import('./import.ts')).importCommand(),
  },
  token: {
    group: 'Use:',
    summary: 'Names for programs to sign in to a registry by, and their passwords',
    load: async () => (await import('./token.ts')).tokenCommand(),
  },
  'scope-map': {
    group: 'Use:',
    summary: 'What tokens may do, by repository',
    load: async () => (await import('./scope-map.ts')).scopeMapCommand(),
  },
  webhook: {
    group: 'Use:',
    summary: 'Whom a registry tells what happens in it, and what was sent',
    load: async () => (await import('./webhook.ts')).webhookCommand(),
  },
  policy: {
    group: 'Use:',
    summary: 'What a registry keeps and for how long, and which tags never move',
    load: async () => (await import('./policy.ts')).policyCommand(),
  },
  tenant: {
    group: 'Use:',
    summary: 'List, make and delete tenants',
    load: async () => (await import('./tenant.ts')).tenantCommand(),
  },
  group: {
    group: 'Use:',
    summary: 'See and arrange the groups and resources of a tenant',
    load: async () => (await import('./group.ts')).groupCommand(),
  },
  principal: {
    group: 'Use:',
    summary: 'Users, groups, programs and agents of a tenant',
    load: async () => (await import('./principal.ts')).principalCommand(),
  },
  'sign-in-provider': {
    group: 'Use:',
    summary: 'OpenID providers by which the people of a tenant sign in',
    load: async () => (await import('./sign-in-provider.ts')).signInProviderCommand(),
  },
  role: {
    group: 'Use:',
    summary: 'The built-in roles, and your own',
    load: async () => (await import('./role.ts')).roleCommand(),
  },
  access: {
    group: 'Use:',
    summary: 'Who may do what: assign, revoke, check, lock',
    load: async () => (await import('./access.ts')).accessCommand(),
  },
  admin: {
    group: 'Use:',
    summary: "The admin's two passwords, the platform's keys, the age of secrets",
    load: async local => (await import('./admin.ts')).adminCommand(local),
  },
  audit: {
    group: 'Use:',
    summary: 'See who did what, verify it, and take it away',
    load: async () => (await import('./audit.ts')).auditCommand(),
  },
  offer: {
    group: 'Use:',
    summary: 'Offer to look after what other tenants have',
    load: async () => (await import('./offer.ts')).offerCommand(),
  },
  delegation: {
    group: 'Use:',
    summary: 'Accept, list and revoke what tenants may do in each other',
    load: async () => (await import('./delegation.ts')).delegationCommand(),
  },
  jobs: {
    group: 'Use:',
    summary: 'See work that waits or was given up, and retry it',
    load: async () => (await import('./jobs.ts')).jobsCommand(),
  },
  mentor: {
    group: 'Use:',
    summary: 'What the best repositories of your team agree on: in the editor, in CI, in documents',
    load: async () => (await import('./mentor.ts')).mentorCommand(),
  },
  completion: {
    group: 'Use:',
    summary: 'Let bash, zsh or fish complete commands, options and names',
    load: async () => (await import('./completion/command.ts')).completionCommand(),
  },
  complete: {
    group: '',
    summary: 'What the scripts of "completion" ask',
    load: async local => (await import('./completion/command.ts')).completeCommand(words => programOf(words, local)),
  },
}

const EXAMPLES = `Examples:
  towpath up                                        start; prints where everything listens
  towpath oci push ./folder 127.0.0.1:5000/a/b:v1   push a folder, no container tool needed
  towpath status --query 'processes[].name' -o tsv  for scripts
`

/** Runs one command line; returns its exit code. Data goes to stdout, talk to stderr. */
export async function runCli(args: readonly string[], local: LocalCommands): Promise<number> {
  outliveReaders()
  const program = await programOf(args, local)
  // Before the command asks anybody for anything.
  program.hook('preAction', async (_, command) => {
    const { query } = command.opts<{ query?: string }>()
    if (query !== undefined) await (await import('./query.ts')).checkQuery(query)
  })
  try {
    if (args.length === 0) program.help()
    await program.parseAsync([...args], { from: 'user' })
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok
  } catch (error) {
    return explain(error)
  }
}

/** All commands by name, and the one that is asked for with all that is in it. */
async function programOf(args: readonly string[], local: LocalCommands): Promise<Command> {
  const program = new Command('towpath')
    .description('A self-hosted platform for software delivery; what is there today: the registry.')
    .usage('<command> [options]')
    .addHelpText('beforeAll', '')
    .addHelpText('after', `\n${EXAMPLES}\n${EXIT_HELP}\n\nMore: towpath <command> --help`)
    .version(await version(args), '-V, --version')
    .helpCommand('help [command]', 'Help for a command')
  const asked = askedCommand(args)
  for (const [name, { summary, group, load }] of Object.entries(COMMANDS)) {
    const command = name === asked ? await load(local) : new Command(name)
    program.addCommand(command.summary(summary).helpGroup(group), { hidden: group === '' })
  }
  configure(program)
  return program
}

/** `towpath … | head` closes the pipe early: the data was wanted no further, which is no error, and `up` goes on. */
function outliveReaders(): void {
  process.stdout.on('error', error => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error
  })
}

/** `towpath help oci` needs that command's help as much as `towpath oci --help`. */
function askedCommand(args: readonly string[]): string | undefined {
  const [first, second] = args.filter(arg => !arg.startsWith('-'))
  return first === 'help' ? second : first
}

function configure(command: Command): void {
  command.exitOverride().showHelpAfterError('\nSee --help for what there is.')
  command.configureHelp({ sortSubcommands: false, styleTitle: text => paint('bold', text), subcommandTerm })
  for (const child of command.commands) configure(child)
}

/** Without the "[options]" that all of them have: what they do needs the room. */
function subcommandTerm(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ')
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

async function explain(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  const { Failure } = await import('../kernel/index.ts')
  if (error instanceof Failure) {
    process.stderr.write(`${paint('red', 'towpath:')} ${error.message}\n  ${error.next}\n`)
    return error.code === 'CLI_USAGE' ? EXIT.usage : exitCodeOf(error.status)
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${paint('red', 'towpath:')} Something went wrong that should not:\n${stack}\n`)
  return EXIT.failed
}

function paint(style: 'bold' | 'red', text: string): string {
  return styleText(style, text, { stream: process.stderr })
}

/** Reading package.json and its checks cost more than the rest of `--help`. */
async function version(args: readonly string[]): Promise<string> {
  if (!args.includes('-V') && !args.includes('--version')) return ''
  return (await import('./version.ts')).VERSION
}
