import type { Clock } from './clock.ts'

/** Crockford's base 32: no i, l, o, u, so an id can be read aloud. In lower case it sorts as it counts. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/** `reg_01k9…`: a prefix and 26 characters, 48 bits of UTC milliseconds and 80 of chance. Sorts by time. */
export function newId(clock: Clock, prefix: string): string {
  return `${prefix}_${timePart(clock.now())}${randomText(clock, 16)}`
}

/** `length` characters of 5 random bits each. */
export function randomText(clock: Clock, length: number): string {
  let text = ''
  for (const byte of clock.bytes(length)) text += DIGITS.charAt(byte & 31)
  return text
}

function timePart(millis: number): string {
  let text = ''
  for (let left = millis, i = 0; i < 10; i++) {
    text = DIGITS.charAt(left % 32) + text
    left = Math.floor(left / 32)
  }
  return text
}
