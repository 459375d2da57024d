import { Command, InvalidArgumentError } from 'commander'
import { outputOptions } from '../output-options.ts'
import type { Machine } from './session.ts'

/** `towpath oci …`. What a command does is loaded when it is run, so that help is quick. */
export function ociCommand(): Command {
  const oci = command('oci', 'push, pull, copy and look at artifacts in any OCI registry')
  oci.addHelpText(
    'before',
    examples(['towpath oci push ./site 127.0.0.1:5000/team/site:1.0', 'towpath oci ls 127.0.0.1:5000']),
  )
  oci.addCommand(pushCommand()).addCommand(pullCommand()).addCommand(copyCommand())
  return oci.addCommand(lsCommand()).addCommand(inspectCommand())
}

function pushCommand(): Command {
  return transferOptions(command('push', 'push a folder, files, or an OCI layout'))
    .argument('<words...>', '<folder|file…|layout> <reference>')
    .usage('[options] <folder|file…|layout> <reference>')
    .option('--artifact-type <type>', 'what the files are', 'application/vnd.unknown.artifact.v1')
    .option(
      '--annotation <key=value>',
      'add an annotation (again for more)',
      (text, all: string[]) => [...all, text],
      [],
    )
    .addHelpText(
      'before',
      examples([
        'towpath oci push ./site 127.0.0.1:5000/team/site:1.0',
        'towpath oci push report.pdf data.csv registry.example.org/team/report:2026',
        'towpath oci push ./layout registry.example.org/team/app:1.0',
      ]),
    )
    .action(async (words: string[], options, self: Command) => {
      if (words.length < 2) self.error('error: give a path and a reference', { exitCode: 2 })
      await (await import('./push.ts')).push(words, here(options))
    })
}

function pullCommand(): Command {
  return transferOptions(command('pull', 'pull the files of an artifact, or anything as an OCI layout'))
    .argument('<reference>')
    .option('-o, --out <folder>', 'where to put it', '.')
    .option('--layout', 'write an OCI layout (for container images)')
    .option('--referrers', 'with --layout: signatures and documents that refer to it, too')
    .addHelpText(
      'before',
      examples([
        'towpath oci pull 127.0.0.1:5000/team/site:1.0 -o ./site',
        'towpath oci pull 127.0.0.1:5000/team/app:1.0 --layout -o ./layout',
      ]),
    )
    .action(async (reference: string, options) => (await import('./pull.ts')).pull(reference, here(options)))
}

function copyCommand(): Command {
  return transferOptions(command('copy', 'copy between registries and OCI layouts, all platforms, byte for byte'))
    .argument('<source>', 'reference or oci:<folder>[:<tag>]')
    .argument('<destination>', 'reference or oci:<folder>[:<tag>]')
    .option('--referrers', 'signatures and documents that refer to it, too')
    .addHelpText(
      'before',
      examples([
        'towpath oci copy docker.io/library/debian:stable 127.0.0.1:5000/debian:stable',
        'towpath oci copy --referrers 127.0.0.1:5000/app:1.0 oci:./layout:1.0',
      ]),
    )
    .addHelpText(
      'after',
      `
Given credentials are for the destination, or for the source where the destination is a folder. Those of a source come from
the files of docker and podman, or TOWPATH_SOURCE_HOST, TOWPATH_SOURCE_USERNAME and TOWPATH_SOURCE_PASSWORD.`,
    )
    .action(async (from: string, to: string, options) => (await import('./copy.ts')).copy(from, to, here(options)))
}

function lsCommand(): Command {
  return outputOptions(commonOptions(command('ls', 'list the repositories of a registry, or the tags of a repository')))
    .argument('<registry|repository>')
    .addHelpText('before', examples(['towpath oci ls 127.0.0.1:5000', 'towpath oci ls 127.0.0.1:5000/team/site']))
    .action(async (what: string, options) => (await import('./ls.ts')).ls(what, here(options)))
}

function inspectCommand(): Command {
  return outputOptions(
    commonOptions(command('inspect', 'show what a reference stands for: platforms, config, layers, sizes')),
  )
    .argument('<reference>', 'reference or oci:<folder>[:<tag>]')
    .option('--referrers', 'signatures and documents that refer to it, too')
    .addHelpText(
      'before',
      examples(['towpath oci inspect 127.0.0.1:5000/team/site:1.0', 'towpath oci inspect oci:./layout --output json']),
    )
    .action(async (reference: string, options) => (await import('./inspect.ts')).inspect(reference, here(options)))
}

function command(name: string, description: string): Command {
  return new Command(name).description(description).showHelpAfterError('(add --help for examples)')
}

// The only place that knows the process: the actions get its parts as values.
function here<T extends object>(options: T): T & Machine {
  const { env, stdout, stderr } = process
  return { ...options, env, stdout, stderr }
}

function commonOptions(to: Command): Command {
  return to
    .option('-u, --username <name>', 'user name (or TOWPATH_USERNAME)')
    .option('--password-stdin', 'read the password from standard input (or TOWPATH_PASSWORD)')
    .option('--plain-http', 'no TLS, also to other machines (this machine never needs it)')
    .option('-q, --quiet', 'say nothing but results and errors')
}

function transferOptions(to: Command): Command {
  return commonOptions(to)
    .option('--concurrency <n>', 'transfers at once', count(1, 64), 4)
    .option('--chunk-size <bytes>', 'send blobs in pieces of this size', count(1024, Number.MAX_SAFE_INTEGER))
}

function count(least: number, most: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number from ${least}.`)
    return value
  }
}

function examples(lines: readonly string[]): string {
  return `Examples:\n${lines.map(line => `  ${line}\n`).join('')}`
}
