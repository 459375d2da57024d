/** Git's rule for what is no text: a NUL near the start. */
const LOOKED_AT = 8_000

/**
 * The text of a file, `undefined` where it is binary. What is not UTF-8 becomes U+FFFD, which never takes a newline
 * with it, so lines stay those of the bytes; a byte order mark is dropped, as editors drop it.
 */
export function decodeSource(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return undefined
  return new TextDecoder('utf-8').decode(bytes)
}
