import { Option } from 'commander'

/** An option that may be given several times: all of its values, in their order. */
export function repeated(flags: string, says: string): Option {
  return new Option(flags, `${says}; may be repeated`).argParser(collect).default([], 'none')
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}
