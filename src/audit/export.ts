import type { ReadTx } from '../kernel/index.ts'
import { lastHeads, usedKeys } from './head.ts'
import { toOcsf } from './ocsf.ts'
import { type AuditFilter, eachRecord } from './query.ts'

type Asked = { filter: AuditFilter; format: 'jsonl' | 'ocsf'; version: string }

/**
 * Sealed records, the oldest first, one JSON a line. `jsonl` ends with the heads that vouch for them and the
 * public keys of those: kept elsewhere they are anchors, against which the chain can be verified for ever.
 */
export async function* exportAudit(db: ReadTx, { filter, format, version }: Asked): AsyncGenerator<string> {
  // Heads first: all that they cover is committed, so no record of an earlier time turns up behind the reader.
  const heads = await lastHeads(db, filter.tenantId)
  const covered = new Map(heads.map(head => [head.region, head.sequence]))
  for await (const records of eachRecord(db, filter)) {
    const sealed = records.filter(one => one.sequence > 0 && one.sequence <= (covered.get(one.region) ?? 0))
    const lines = sealed.map(one => JSON.stringify(format === 'ocsf' ? toOcsf(one, version) : one))
    if (lines.length > 0) yield `${lines.join('\n')}\n`
  }
  if (format === 'ocsf') return
  const keys = new Map((await usedKeys(db)).map(key => [key.keyId, key.publicKey]))
  for (const head of heads) yield `${JSON.stringify({ head, publicKey: keys.get(head.keyId) ?? '' })}\n`
}
