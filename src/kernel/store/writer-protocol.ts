import type { FailureData } from './failures.ts'

/**
 * What crosses the socket between a region's processes and the one that writes. Both ends belong to
 * one user and one installation; the socket lies in a folder only that user can enter.
 *
 * - the writer, once it has migrated: `['ready', ids of its migrations]`
 * - a reader: `[number, name of the write, input]`
 * - the writer: `[number, true, output]` or `[number, false, FailureData]`
 */
export type Ready = readonly ['ready', readonly string[]]
export type Request = readonly [number, string, unknown]
export type Answer = readonly [number, true, unknown] | readonly [number, false, FailureData]

export function isReady(message: unknown): message is Ready {
  return Array.isArray(message) && message[0] === 'ready' && Array.isArray(message[1])
}

export function isRequest(message: unknown): message is Request {
  return Array.isArray(message) && Number.isSafeInteger(message[0]) && typeof message[1] === 'string'
}

export function isAnswer(message: unknown): message is Answer {
  return Array.isArray(message) && Number.isSafeInteger(message[0]) && typeof message[1] === 'boolean'
}
