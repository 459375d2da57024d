import { UsageWrong } from './az-words.ts'

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
const SIZE = /^([0-9]{1,16}(?:\.[0-9]{1,3})?) ?(B|KiB|MiB|GiB|TiB)?$/

/** `10GiB`, `1.5 TiB` or bytes alone. */
export function parseBytes(option: string, text: string): number {
  const [, number = '', unit = 'B'] = SIZE.exec(text) ?? []
  if (number === '')
    throw UsageWrong(`"${text}" is no size`, `Write for example ${option} 10GiB; units: B, KiB, MiB, GiB, TiB`)
  return Math.round(Number(number) * 1024 ** UNITS.indexOf(unit))
}

/** The other way, to three digits. */
export function bytesText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  return power === 0 ? `${bytes} B` : `${Number((bytes / 1024 ** power).toPrecision(3))} ${UNITS[power]}`
}
