import { createHash } from 'node:crypto'

// The namespace under which programs that recompute Resource Manager's ids hash; they agree, Azure itself was not asked.
const NAMESPACE = Buffer.from('11fb06fb712d4ddd98c7e71bbd588830', 'hex')

/** RFC 9562 version 5 of the values joined by "-": the same values give the same id, everywhere and always. */
export function guid(values: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(values.join('-')).digest().subarray(0, 16)
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
