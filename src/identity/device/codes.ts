import type { Clock } from '../../kernel/index.ts'

/** No vowels, so that no words come out; nothing that is taken for a digit (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8
/** Of the bytes below, each letter is as likely: 240 is 12 times 20. */
const FAIR = 240

/** 34 random bits, for ten minutes: somebody who may guess ten times and then each two seconds finds one in 17,000 years. */
export function newUserCode(clock: Clock): string {
  let code = ''
  while (code.length < LENGTH) {
    for (const byte of clock.bytes(2 * LENGTH))
      if (byte < FAIR && code.length < LENGTH) code += LETTERS.charAt(byte % LETTERS.length)
  }
  return code
}

/** As people type it; undefined where it can be no code. */
export function readUserCode(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '').toUpperCase()
  return code.length === LENGTH && [...code].every(letter => LETTERS.includes(letter)) ? code : undefined
}

/** As people read it. */
export function userCodeText(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`
}
