import { StoreBusy, StoreFull, StoreTimeout, StoreUnavailable } from './failures.ts'

/** What an error of Postgres means for the caller. `again`: the same transaction may succeed when it runs once more. */
export type Fault = { readonly kind: 'conflict' | 'lost' | 'other'; readonly error: unknown }

const CONFLICTS = new Set(['40001', '40P01'])
const FULL = '53100'
const BUSY = new Set(['53300', '55P03', '57P03'])
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** `pg` names these by their words only. */
const LOST_WORDS = /connection terminated|timeout exceeded when trying to connect|not queryable|client was closed/i

export function postgresFault(error: unknown, timeoutMs: number): Fault {
  if (!(error instanceof Error)) return { kind: 'other', error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (CONFLICTS.has(code)) return { kind: 'conflict', error }
  if (code === FULL) return { kind: 'other', error: StoreFull('the Postgres database').from(error) }
  if (BUSY.has(code)) return { kind: 'lost', error: StoreBusy(error.message).from(error) }
  if (code === '57014') return { kind: 'other', error: StoreTimeout(timeoutMs).from(error) }
  // 08: connection exceptions; 57P01, 57P02: the server stops or crashed.
  const lost = code.startsWith('08') || code.startsWith('57P0') || SYSTEM.has(code) || LOST_WORDS.test(error.message)
  return lost ? { kind: 'lost', error: StoreUnavailable(error.message).from(error) } : { kind: 'other', error }
}
