import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { Policy } from '../api/index.ts'
import { UsageWrong } from './az-words.ts'
import { bytesText, parseBytes } from './byte-words.ts'

export type PolicySettingOptions = {
  days?: string
  tags?: string[]
  keep?: string
  keepPushedWithin?: string
  keepPulledWithin?: string
  keepMatching?: string[]
  untagged?: true | string
  bytes?: string
  of?: string
  key?: string[]
  refuse?: true | string
}

export function ruleOptions(command: Command): Command {
  return command
    .option('--repositories <pattern>', 'which repositories (else all)')
    .option('--days <n>', 'retention: how long without a tag; soft-delete: how long in the trash')
    .option('--tags <patterns...>', 'tags, immutable: which tags')
    .option('--keep <n>', 'tags: keep the newest n; "none": no such rule')
    .option('--keep-pushed-within <days>', 'tags: keep what was pushed since; "none"')
    .option('--keep-pulled-within <days>', 'tags: keep what was pulled since; "none"')
    .option('--keep-matching <patterns...>', 'tags: keep these; "none"')
    .option('--untagged [bool]', 'tags: delete manifests that lose their last tag')
    .option('--key <name=file...>', 'trust: public keys in PEM, as cosign.pub')
    .option('--bytes <size>', 'quota: how much, such as 10GiB')
    .addOption(new Option('--of <what>', 'quota: of all together or of each').choices(['registry', 'repository']))
    .option('--refuse [bool]', 'trust: refuse to pull what none of them signed')
}

/** Those that were given, under their names in the API. */
export function policySettings(options: PolicySettingOptions): Record<string, unknown> {
  const { days, tags, keep, keepPushedWithin, keepPulledWithin, keepMatching, untagged, key, refuse, bytes, of } =
    options
  return {
    ...(days === undefined ? {} : { days: number('--days', days) }),
    ...(tags === undefined ? {} : { tags }),
    ...(keep === undefined ? {} : { keepLast: numberOrNone('--keep', keep) }),
    ...(keepPushedWithin === undefined
      ? {}
      : { keepPushedDays: numberOrNone('--keep-pushed-within', keepPushedWithin) }),
    ...(keepPulledWithin === undefined
      ? {}
      : { keepPulledDays: numberOrNone('--keep-pulled-within', keepPulledWithin) }),
    ...(keepMatching === undefined ? {} : { keepMatching: keepMatching[0] === 'none' ? [] : keepMatching }),
    ...(untagged === undefined ? {} : { deleteManifests: flag('--untagged', untagged) }),
    ...(key === undefined ? {} : { keys: key.map(keyOf) }),
    ...(bytes === undefined ? {} : { bytes: parseBytes('--bytes', bytes) }),
    ...(of === undefined ? {} : { of }),
    ...(refuse === undefined ? {} : { refuse: flag('--refuse', refuse) }),
  }
}

/** In a few words, for a table. */
export function settingsText({ kind, settings }: Policy): string {
  if (kind === 'retention') return `${settings.days} d without a tag`
  if (kind === 'quota') {
    return `${bytesText(settings.bytes)} ${settings.of === 'registry' ? 'in the registry' : 'in each repository'}`
  }
  if (kind === 'immutable') return settings.tags.join(' ')
  if (kind === 'trust')
    return `${settings.keys.map(one => one.name).join(' ')}${settings.refuse ? '; refuses what is unsigned' : ''}`
  if (kind === 'soft-delete') return `${settings.days} d in the trash`
  const kept = [
    settings.keepLast === null ? [] : [`newest ${settings.keepLast}`],
    settings.keepPushedDays === null ? [] : [`pushed within ${settings.keepPushedDays} d`],
    settings.keepPulledDays === null ? [] : [`pulled within ${settings.keepPulledDays} d`],
    settings.keepMatching,
  ].flat()
  return `${settings.tags.join(' ')}: keeps ${kept.join(', ')}${settings.deleteManifests ? '; untagged go too' : ''}`
}

/** `release=./cosign.pub`: the file is sent as it is, and the registry says what is wrong with it. */
function keyOf(text: string): { name: string; pem: string } {
  const at = text.indexOf('=')
  if (at < 1)
    throw UsageWrong(`--key ${text} has no name`, 'Write --key <name>=<file>, for example release=./cosign.pub')
  const file = text.slice(at + 1)
  try {
    return { name: text.slice(0, at), pem: readFileSync(file, 'utf8') }
  } catch (error) {
    throw UsageWrong(`The key file ${file} can't be read`, 'Check the path').from(error)
  }
}

function numberOrNone(option: string, text: string): number | null {
  return text === 'none' ? null : number(option, text)
}

function number(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) {
    throw UsageWrong(`"${text}" is no whole number`, `Write for example ${option} 30`)
  }
  return value
}

function flag(option: string, given: true | string): boolean {
  if (given !== true && given !== 'true' && given !== 'false') {
    throw UsageWrong(`"${given}" is neither true nor false`, `Write ${option} true or ${option} false`)
  }
  return given === true || given === 'true'
}
