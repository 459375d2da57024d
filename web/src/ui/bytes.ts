const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** `12.3 MB`: three digits, in steps of 1,000 as registries and docker count. */
export function bytes(value: number): string {
  const step = value < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3))
  const number = (value / 1000 ** step).toLocaleString(undefined, { maximumSignificantDigits: 3 })
  return `${number} ${UNITS[step]}`
}
