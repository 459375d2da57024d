import { z } from 'zod'

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const BYTES = { B: 1, KiB, MiB, GiB, TiB: 1024 * GiB }
const DURATIONS = { ms: 1, s: SECOND, min: MINUTE, h: HOUR, d: 24 * HOUR }

/** A size in bytes: `4194304` or `4 MiB`. */
export const byteSize = unit(BYTES)
/** A duration in milliseconds: `60000` or `60 s`. */
export const duration = unit(DURATIONS)

/** `4 MiB` → 4194304; undefined where it is not a whole number of a known unit. */
function unit(units: Readonly<Record<string, number>>) {
  const names = Object.keys(units)
  const pattern = new RegExp(`^[0-9]{1,15} ?(${names.join('|')})?$`)
  const text = z.string().regex(pattern)
  return z
    .union([z.int().min(0), text])
    .transform(value => (typeof value === 'number' ? value : inUnits(value, units)))
    .pipe(z.int().min(0))
}

function inUnits(text: string, units: Readonly<Record<string, number>>): number {
  const name = text.replace(/^[0-9]+ ?/, '')
  return Number.parseInt(text, 10) * (units[name] ?? 1)
}
