import type { BlobKey, ContentHash, HashAlgorithm } from './types.ts'

const KEY = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\.([A-Za-z0-9][A-Za-z0-9-]{0,63})$/
const ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

export type KeyParts = { algorithm: HashAlgorithm; hex: string; id: string }

/** Upload ids come from URLs and become file names: letters, digits and "-" only. */
export function isUploadId(id: string): boolean {
  return ID.test(id)
}

export function blobKey(hash: ContentHash, id: string): BlobKey {
  const key = `${hash}.${id}`
  if (!KEY.test(key)) throw new TypeError(`"${key}" can't name a blob: a checked digest and upload id were expected`)
  return key as BlobKey
}

/** Undefined where the text is no key. */
export function keyParts(key: string): KeyParts | undefined {
  const [, hash, id] = KEY.exec(key) ?? []
  if (hash === undefined || id === undefined) return undefined
  return { algorithm: hash.slice(0, 6) as HashAlgorithm, hex: hash.slice(7), id }
}

/** `sha256/<2 hex>/<64 hex>.<id>`: 256 folders an algorithm keep a folder of a million blobs at 4,000 names. */
export function keyPath(key: string): string {
  const parts = keyParts(key)
  if (!parts) throw new TypeError(`"${key}" is no blob key: keys are taken as the store gave them`)
  return `${parts.algorithm}/${parts.hex.slice(0, 2)}/${parts.hex}.${parts.id}`
}
