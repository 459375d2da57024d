import type { Failure } from '../kernel/index.ts'

/** A JSON object whose fields nobody checked yet. */
export type Fields = Readonly<Record<string, unknown>>
type Refuse = (why: string) => Failure

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Bytes of strangers as a JSON object. Refuses what is too long, too deep (a reader that recurses
 * would run out of stack), not UTF-8, or no object.
 */
export function readFields(bytes: Uint8Array, limits: { bytes: number; depth: number }, refuse: Refuse): Fields {
  if (bytes.length > limits.bytes) throw refuse(`it has ${bytes.length} bytes, and ${limits.bytes} is the most`)
  if (deeperThan(bytes, limits.depth)) throw refuse(`it is nested deeper than ${limits.depth} levels`)
  const value = parse(bytes, refuse)
  if (!isFields(value)) throw refuse('it is not a JSON object')
  return value
}

/** Text to text. A NUL or half a character is refused: no database keeps them. */
export function textMap(value: unknown, where: string, refuse: Refuse): Readonly<Record<string, string>> {
  if (!isFields(value)) throw refuse(`${where} is not an object`)
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw refuse(`${where}: the value of ${JSON.stringify(key.slice(0, 100))} is not text`)
    if (!isClean(key) || !isClean(text)) throw refuse(`${where} has a NUL or a broken character`)
  }
  return value as Readonly<Record<string, string>>
}

export function isClean(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

function parse(bytes: Uint8Array, refuse: Refuse): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw refuse('it is not UTF-8').from(error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw refuse(`it is not JSON (${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'})`).from(error)
  }
}

const quoteMark = 0x22
const backslash = 0x5c

function deeperThan(bytes: Uint8Array, most: number): boolean {
  let depth = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quoteMark) {
      for (i++; i < bytes.length && bytes[i] !== quoteMark; i++) if (bytes[i] === backslash) i++
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > most) return true
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return false
}
