import { scrypt, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../kernel/index.ts'

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export type PasswordHash = string

// 2^15 x 8 = 32 MiB and about 60 ms a guess. Known headers are cached, so nobody waits for it twice.
const COST = 2 ** 15
const BLOCK = 8
const MAX_COST = 2 ** 17
const LENGTH = 32
const SALT = 16

// 32 letters and digits without 0/o, 1/l: people retype it, and no shell needs quotes.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const GENERATED_LENGTH = 26

/** 130 random bits. */
export function generatePassword(clock: Clock): string {
  return [...clock.bytes(GENERATED_LENGTH)].map(byte => ALPHABET[byte & 31]).join('')
}

/** `cost` is lower in tests only. */
export async function hashPassword(clock: Clock, password: string, cost = COST): Promise<PasswordHash> {
  const salt = Buffer.from(clock.bytes(SALT))
  const hash = await derive(password, salt, cost, BLOCK, 1)
  return `scrypt$${cost}$${BLOCK}$1$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/** Takes as long for a wrong password as for the right one. */
export async function verifyPassword(password: string, stored: PasswordHash): Promise<boolean> {
  const [form, n, r, p, salt, hash] = stored.split('$')
  const cost = Number(n)
  // A row that can't be read must not open the door; nor may it cost gigabytes.
  if (form !== 'scrypt' || !salt || !hash || !(cost >= 2 && cost <= MAX_COST)) return false
  const expected = Buffer.from(hash, 'base64url')
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost, Number(r), Number(p))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function derive(password: string, salt: Buffer, cost: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // NFC: the same accented letter typed on two systems is one password.
    scrypt(password.normalize('NFC'), salt, LENGTH, { N: cost, r, p, maxmem: 256 * cost * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
